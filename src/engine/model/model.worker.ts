/** The worker that owns one model. Ending the worker frees all that the model held. */
import { expose } from 'comlink';
import { loadBrowserRuntime } from '../../runtime/device/ort.ts';
import { paced } from '../paced.ts';
import { keepErrorCodes } from '../worker-errors.ts';
import type { LoadedModel } from './calls.ts';
import { receiving } from './crossing.ts';
import { loadModel } from './load.ts';
import type { ModelWorker } from './protocol.ts';

keepErrorCodes();

let loaded: LoadedModel | null = null;

const api: ModelWorker = {
  async load(source, options, onPhase) {
    loaded = await loadModel(source, {
      ...options,
      onPhase: paced(onPhase),
      loadRuntime: loadBrowserRuntime,
    });
    return loaded.info;
  },
  run: receiving(() => loaded?.run ?? null),
};

// Comlink loses calls that arrive before this line, so nothing above it may wait.
expose(api);
