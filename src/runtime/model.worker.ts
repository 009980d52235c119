/** The worker that owns one model. Ending the worker frees all that the model held. */
import { expose, transfer } from 'comlink';
import { keepErrorCodes } from './errors.ts';
import { type LoadedModel, loadModel } from './load.ts';
import { loadBrowserRuntime } from './ort.ts';
import { paced } from './paced.ts';
import type { ModelWorker } from './protocol.ts';

keepErrorCodes();

let model: LoadedModel | null = null;

const api: ModelWorker = {
  async load(source, options, onPhase) {
    model = await loadModel(source, { ...options, onPhase: paced(onPhase), loadRuntime: loadBrowserRuntime });
    return model.info;
  },
  async reconstruct(pixelValues, mask) {
    if (model === null) throw new Error('The model has not been loaded.');
    return model.reconstruct(pixelValues, mask);
  },
  async predict(pixelValues, masks) {
    if (model === null) throw new Error('The model has not been loaded.');
    const batch = await model.predict(pixelValues, masks);
    // One buffer holds all of a batch's logits, except where each was denormalised into its own.
    return transfer(batch, [...new Set(batch.predictions.map(({ patches }) => patches.buffer))]);
  },
};

// Comlink loses calls that arrive before this line, so nothing above it may wait.
expose(api);
