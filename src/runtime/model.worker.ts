/** The worker that owns one model. Ending the worker frees all that the model held. */
import { expose } from 'comlink';
import { keepErrorCodes } from './errors.ts';
import { type LoadedModel, loadModel } from './load.ts';
import { loadBrowserRuntime } from './ort.ts';
import { paced } from './paced.ts';
import type { ModelWorker } from './protocol.ts';

keepErrorCodes();

let model: LoadedModel | null = null;

const api: ModelWorker = {
  async load(source, device, onPhase) {
    model = await loadModel(source, { device, onPhase: paced(onPhase), loadRuntime: loadBrowserRuntime });
    return model.info;
  },
  async reconstruct(pixelValues, mask) {
    if (model === null) throw new Error('The model has not been loaded.');
    return model.reconstruct(pixelValues, mask);
  },
};

// Comlink loses calls that arrive before this line, so nothing above it may wait.
expose(api);
