/**
 * The workshop in workers. Every model gets a fresh worker: a WebGPU session that failed poisons its whole
 * runtime, WebAssembly memory never shrinks, and a load can be cancelled at any moment by ending the worker.
 */
import { proxy, type Remote, releaseProxy, wrap } from 'comlink';
import { nearestFiles } from '../checkpoint/chosen.ts';
import { LensError } from '../mae/errors.ts';
import { keepErrorCodes } from './errors.ts';
import type { Workshop } from './lens-engine.ts';
import type { ModelWorker, PictureWorker } from './protocol.ts';

keepErrorCodes();

/** A worker, and what to do when it ends early. */
class Handle<T> {
  readonly remote: Remote<T>;
  readonly #worker: Worker;
  readonly #ended: Promise<never>;
  #end: (error: LensError) => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.remote = wrap<T>(worker);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#ended.catch(() => undefined);
    const died = (event: Event) => {
      const reason = event instanceof ErrorEvent ? event.message : 'its message could not be read';
      this.terminate(
        new LensError('worker-died', `The worker stopped unexpectedly: ${reason}. It is started again.`),
      );
    };
    worker.addEventListener('error', died);
    worker.addEventListener('messageerror', died);
  }

  /** The call's result, or the error that ended the worker; Comlink alone would wait for ever. */
  call<R>(run: (remote: Remote<T>) => Promise<R>): Promise<R> {
    return Promise.race([run(this.remote), this.#ended]);
  }

  terminate(error: LensError): void {
    this.#end(error);
    this.remote[releaseProxy]();
    this.#worker.terminate();
  }
}

const NEVER = new AbortController().signal;
const SHUT_DOWN = new LensError('cancelled', 'The worker was shut down.');

export function workerWorkshop(): Workshop {
  let pictures: Handle<PictureWorker> | null = null;
  const models = new Set<Handle<ModelWorker>>();

  async function withPictures<R>(run: (remote: Remote<PictureWorker>) => Promise<R>): Promise<R> {
    pictures ??= new Handle<PictureWorker>(
      new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module', name: 'picture' }),
    );
    const handle = pictures;
    try {
      return await handle.call(run);
    } catch (error) {
      // The next picture gets a new worker; the decoder of this one may have run out of memory.
      if (error instanceof LensError && error.code === 'worker-died' && pictures === handle) pictures = null;
      throw error;
    }
  }

  return {
    async loadModel(wanted, { signal = NEVER, ...options }, onPhase) {
      const source = wanted.kind === 'files' ? { ...wanted, files: nearestFiles(wanted.files) } : wanted;
      const worker = new Worker(new URL('./model.worker.ts', import.meta.url), {
        type: 'module',
        name: 'model',
      });
      const handle = new Handle<ModelWorker>(worker);
      models.add(handle);
      const end = (error: LensError) => {
        handle.terminate(error);
        models.delete(handle);
      };
      const cancel = () => end(new LensError('cancelled', 'Loading the model was cancelled.'));
      signal.addEventListener('abort', cancel, { once: true });
      try {
        signal.throwIfAborted();
        const info = await handle.call((remote) => remote.load(source, options, proxy(onPhase)));
        return {
          info,
          reconstruct: (pixelValues, mask) => handle.call((remote) => remote.reconstruct(pixelValues, mask)),
          predict: (pixelValues, masks) => handle.call((remote) => remote.predict(pixelValues, masks)),
          dispose: async () => end(SHUT_DOWN),
        };
      } catch (error) {
        end(SHUT_DOWN);
        throw error;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },

    preparePicture: (...input) => withPictures((remote) => remote.prepare(...input)),
    interpolate: (...input) => withPictures((remote) => remote.interpolate(...input)),

    dispose() {
      pictures?.terminate(SHUT_DOWN);
      for (const model of models) model.terminate(SHUT_DOWN);
      models.clear();
    },
  };
}
