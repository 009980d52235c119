/** The worker that owns one model. Ending the worker frees all that the model held. */
import { expose, transfer } from 'comlink';
import { loadBrowserRuntime } from '../../runtime/device/ort.ts';
import { paced } from '../paced.ts';
import { keepErrorCodes } from '../worker-errors.ts';
import { type LoadedModel, loadModel } from './load.ts';
import type { ModelWorker } from './protocol.ts';

keepErrorCodes();

let loaded: LoadedModel | null = null;
let last: Float32Array | null = null;

/** The model and the image of a call. */
function at(pixelValues: Float32Array | null): { model: LoadedModel; image: Float32Array } {
  last = pixelValues ?? last;
  if (loaded === null || last === null) throw new Error('There is no model or no image yet.');
  return { model: loaded, image: last };
}

const api: ModelWorker = {
  async load(source, options, onPhase) {
    loaded = await loadModel(source, {
      ...options,
      onPhase: paced(onPhase),
      loadRuntime: loadBrowserRuntime,
    });
    return loaded.info;
  },
  async reconstruct(pixelValues, mask) {
    const { model, image } = at(pixelValues);
    const answer = await model.reconstruct(image, mask);
    return transfer(answer, [answer.reconstruction.buffer, answer.patchErrors.buffer]);
  },
  async predict(pixelValues, masks) {
    const { model, image } = at(pixelValues);
    const batch = await model.predict(image, masks);
    // One buffer holds all of a batch's logits, except where each was denormalised into its own.
    return transfer(batch, [...new Set(batch.predictions.map(({ patches }) => patches.buffer))]);
  },
};

// Comlink loses calls that arrive before this line, so nothing above it may wait.
expose(api);
