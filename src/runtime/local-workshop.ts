/** The workshop in the calling thread: for tests, and for tools that run without a page. */

import { toPixelValues } from '../image/processor.ts';
import { interpolate } from './interpolate.ts';
import type { Workshop } from './lens-engine.ts';
import { loadModel } from './load.ts';
import { openPicture } from './picture.ts';
import type { RuntimeLoader } from './session.ts';

export function localWorkshop(loadRuntime: RuntimeLoader, open = openPicture): Workshop {
  return {
    loadModel: (source, options, onPhase) => loadModel(source, { ...options, onPhase, loadRuntime }),
    openPicture: open,
    toPixelValues,
    interpolate: async (...input) => interpolate(...input),
    dispose: () => undefined,
  };
}
