/** The workshop in the calling thread: for tests, and for tools that run without a page. */

import { toPixelValues } from '../image/processor.ts';
import { interpolate } from './images/interpolate.ts';
import type { Workshop } from './lens-engine.ts';
import { loadModel } from './model/load.ts';
import { openImage } from './images/open-image.ts';
import type { RuntimeLoader } from '../runtime/session/session.ts';

export function localWorkshop(loadRuntime: RuntimeLoader, open = openImage): Workshop {
  return {
    loadModel: (source, options, onPhase) => loadModel(source, { ...options, onPhase, loadRuntime }),
    openImage: open,
    toPixelValues,
    interpolate: async (...input) => interpolate(...input),
    dispose: () => undefined,
  };
}
