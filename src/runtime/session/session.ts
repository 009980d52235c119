/** ONNX sessions from our graphs: the weights read when the runtime takes them, all calls in one queue. */
import type * as Ort from 'onnxruntime-web';
import { LensError, toLensError } from '../../base/errors.ts';
import type { ReadTensor } from '../../checkpoint/checkpoint.ts';
import type { Graph } from '../../graph/builder.ts';
import type { Gpu } from './gpu.ts';
import { SerialQueue } from './queue.ts';
import { weightFiles } from './weight-files.ts';

export type RuntimeLoader = (kind: 'webgpu' | 'wasm') => Promise<typeof Ort>;

/** A runtime on a device. */
export type Backend =
  | { readonly kind: 'wasm'; readonly ort: typeof Ort }
  | { readonly kind: 'webgpu'; readonly ort: typeof Ort; readonly gpu: Gpu };

export type Feeds = Readonly<Record<string, Ort.Tensor>>;
export type Outputs = Readonly<Record<string, Ort.Tensor>>;

/** The runtime is one per thread, and so is its queue. */
const queue = new SerialQueue();

export class Session {
  readonly #backend: Backend;
  readonly #session: Ort.InferenceSession;

  private constructor(backend: Backend, session: Ort.InferenceSession) {
    this.#backend = backend;
    this.#session = session;
  }

  /**
   * @param weights null where the graph has none
   * @param keepOnDevice outputs that stay on the GPU for another session; the caller disposes of them
   * @throws LensError `out-of-memory`, `device-lost`, `engine-failed`, or what reading the weights throws
   */
  static async create(
    backend: Backend,
    graph: Graph,
    weights: ReadTensor | null,
    keepOnDevice: readonly string[] = [],
  ): Promise<Session> {
    const files = weightFiles(graph, weights);
    const options: Ort.InferenceSession.SessionOptions = {
      executionProviders: [backend.kind === 'wasm' ? 'wasm' : { name: 'webgpu', device: backend.gpu.device }],
      graphOptimizationLevel: 'all',
      // Errors are thrown; what the runtime prints below that is for its own developers.
      logSeverityLevel: 3,
      externalData: [...files.externalData],
      ...(backend.kind === 'webgpu' && keepOnDevice.length > 0
        ? { preferredOutputLocation: Object.fromEntries(keepOnDevice.map((name) => [name, 'gpu-buffer'])) }
        : {}),
    };
    return queue.add(async () => {
      try {
        return new Session(backend, await backend.ort.InferenceSession.create(graph.model, options));
      } catch (failed) {
        const error = files.failure() ?? failed;
        throw isMemory(error) ? outOfMemory(graph, error) : failure(backend, error, 'engine-failed/compile');
      }
    });
  }

  /**
   * @param fetches the outputs that are wanted; the others are computed too, but not handed out
   * @throws LensError `device-lost` when the GPU went away, also where the runtime itself noticed nothing
   */
  run(feeds: Feeds, fetches: readonly string[]): Promise<Outputs> {
    return queue.add(async () => {
      let outputs: Outputs;
      try {
        outputs = await this.#session.run(feeds, fetches);
        // Without this the time of a session whose output stays on the GPU would be that of its submission.
        if (this.#backend.kind === 'webgpu') await this.#backend.gpu.device.queue.onSubmittedWorkDone();
      } catch (error) {
        throw failure(this.#backend, error, 'engine-failed/run');
      }
      throwIfLost(this.#backend);
      return outputs;
    });
  }

  release(): Promise<void> {
    return queue.add(() => this.#session.release());
  }
}

function throwIfLost(backend: Backend): void {
  const lost = backend.kind === 'webgpu' ? backend.gpu.lost() : null;
  if (lost !== null) {
    throw new LensError('device-lost/gone', { reason: lost });
  }
}

function failure(
  backend: Backend,
  error: unknown,
  key: 'engine-failed/compile' | 'engine-failed/run',
): LensError {
  try {
    throwIfLost(backend);
  } catch (lost) {
    return lost as LensError;
  }
  return toLensError(error, key, { kind: backend.kind });
}

function isMemory(error: unknown): boolean {
  // Ours say themselves what they are, whatever words a file's name puts into them.
  if (error instanceof LensError) return false;
  return error instanceof RangeError || /memory|alloc/i.test(String(error));
}

function outOfMemory(graph: Graph, cause: unknown): LensError {
  const bytes = [...graph.files.values()].reduce((sum, size) => sum + size, 0);
  return new LensError('out-of-memory/model', { bytes }, { cause });
}
