/** The executor in the calling thread: for tests, and for tools that run without a page. */

import { toPixelValues } from '../image/processor.ts';
import type { RuntimeLoader } from '../runtime/session/session.ts';
import { interpolate } from './images/interpolate.ts';
import { openImage } from './images/open-image.ts';
import type { Executor } from './lens-engine.ts';
import { loadModel } from './model/load.ts';

export function localExecutor(loadRuntime: RuntimeLoader, open = openImage): Executor {
  return {
    loadModel: (source, options, onPhase) => loadModel(source, { ...options, onPhase, loadRuntime }),
    openImage: open,
    toPixelValues,
    interpolate: async (...input) => interpolate(...input),
    dispose: () => undefined,
  };
}
