/** The workshop in the calling thread: for tests, and for tools that run without a page. */

import type { Workshop } from './lens-engine.ts';
import { loadModel } from './load.ts';
import { interpolate, preparePicture } from './picture.ts';
import type { RuntimeLoader } from './session.ts';

export function localWorkshop(loadRuntime: RuntimeLoader, prepare = preparePicture): Workshop {
  return {
    loadModel: (source, options, onPhase) => loadModel(source, { ...options, onPhase, loadRuntime }),
    preparePicture: prepare,
    interpolate: async (...input) => interpolate(...input),
    dispose: () => undefined,
  };
}
