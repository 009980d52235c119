/**
 * The executor in workers. Every model gets a fresh worker: a WebGPU session that failed poisons its whole
 * runtime, WebAssembly memory never shrinks, and a load can be cancelled at any moment by ending the worker.
 */
import { proxy, type Remote } from 'comlink';
import { LensError } from '../base/errors.ts';
import { nearestFiles } from '../checkpoint/sources/files.ts';
import type { ImageWorker } from './images/protocol.ts';
import type { Executor } from './lens-engine.ts';
import type { ModelCalls } from './model/calls.ts';
import { type RemoteRun, sending } from './model/crossing.ts';
import type { ModelWorker } from './model/protocol.ts';
import { keepErrorCodes } from './worker-errors.ts';
import { WorkerHandle } from './worker-handle.ts';

keepErrorCodes();

const NEVER = new AbortController().signal;
const SHUT_DOWN = new LensError('cancelled', 'The worker was shut down.');

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
        // Comlink's types lose what ties a call's answer to its name.
        const remoteRun: RemoteRun<ModelCalls> = (...call) =>
          handle.call(async (remote): Promise<never> => (await remote.run(...call)) as never);
        return {
          info,
          run: sending(remoteRun),
          dispose: async () => end(SHUT_DOWN),
        };
      } catch (error) {
        end(SHUT_DOWN);
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
