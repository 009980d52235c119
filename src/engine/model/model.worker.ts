/** The worker that owns one model. Ending the worker frees all that the model held. */
import { expose, transfer } from 'comlink';
import { loadBrowserRuntime } from '../../runtime/device/ort.ts';
import { paced } from '../paced.ts';
import { keepErrorCodes } from '../worker-errors.ts';
import { buffersOf, callOf } from './calls.ts';
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
  async run(name, pixelValues, input) {
    const { model, image } = at(pixelValues);
    const answer = await callOf(model.calls, name, image, input);
    return transfer(answer, buffersOf(answer));
  },
};

// Comlink loses calls that arrive before this line, so nothing above it may wait.
expose(api);
