/**
 * The executor in workers. Every model gets a fresh worker: a WebGPU session that failed poisons its whole
 * runtime, WebAssembly memory never shrinks, and a load can be cancelled at any moment by ending the worker.
 */
import { proxy, type Remote } from 'comlink';
import { LensError } from '../base/errors.ts';
import { nearestFiles } from '../checkpoint/sources/nearest-files.ts';
import type { ImageWorker } from './images/protocol.ts';
import type { Executor } from './lens-engine.ts';
import { callsBy, sent } from './model/calls.ts';
import type { ModelWorker } from './model/protocol.ts';
import { keepErrorCodes } from './worker-errors.ts';
import { WorkerHandle } from './worker-handle.ts';

keepErrorCodes();

const NEVER = new AbortController().signal;
const SHUT_DOWN = new LensError('cancelled/shut-down');

export function workerExecutor(): Executor {
  let images: WorkerHandle<ImageWorker> | null = null;
  const models = new Set<WorkerHandle<ModelWorker>>();

  async function withImages<R>(run: (remote: Remote<ImageWorker>) => Promise<R>): Promise<R> {
    images ??= new WorkerHandle<ImageWorker>(
      new Worker(new URL('./images/image.worker.ts', import.meta.url), { type: 'module', name: 'image' }),
    );
    const handle = images;
    try {
      return await handle.call(run);
    } catch (error) {
      // The next image gets a new worker; the decoder of this one may have run out of memory.
      if (error instanceof LensError && error.code === 'worker-died' && images === handle) images = null;
      throw error;
    }
  }

  return {
    async loadModel(wanted, { signal = NEVER, ...options }, onPhase) {
      const source = wanted.kind === 'files' ? { ...wanted, files: nearestFiles(wanted.files) } : wanted;
      const worker = new Worker(new URL('./model/model.worker.ts', import.meta.url), {
        type: 'module',
        name: 'model',
      });
      const handle = new WorkerHandle<ModelWorker>(worker);
      // What can go wrong with a model is told from here on.
      const sentences = import('../base/english.ts').catch(() => undefined);
      models.add(handle);
      const end = (error: LensError) => {
        handle.terminate(error);
        models.delete(handle);
      };
      const cancel = () => end(new LensError('cancelled/model'));
      signal.addEventListener('abort', cancel, { once: true });
      try {
        signal.throwIfAborted();
        const info = await handle.call((remote) => remote.load(source, options, proxy(onPhase)));
        let last: Float32Array | null = null;
        const ifNew = (pixelValues: Float32Array) => {
          if (last === pixelValues) return null;
          last = pixelValues;
          return pixelValues;
        };
        return {
          info,
          calls: callsBy((name, pixelValues, input) =>
            // Comlink's types lose what a generic call gives.
            handle.call((remote) =>
              (remote as unknown as ModelWorker).run(name, ifNew(pixelValues), sent(name, input)),
            ),
          ),
          dispose: async () => end(SHUT_DOWN),
        };
      } catch (error) {
        end(SHUT_DOWN);
        await sentences;
        throw error;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },

    openImage: (...input) => withImages((remote) => remote.open(...input)),
    toPixelValues: (...input) => withImages((remote) => remote.toPixelValues(...input)),
    interpolate: (...input) => withImages((remote) => remote.interpolate(...input)),

    dispose() {
      images?.terminate(SHUT_DOWN);
      for (const model of models) model.terminate(SHUT_DOWN);
      models.clear();
    },
  };
}
