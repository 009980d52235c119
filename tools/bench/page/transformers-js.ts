/**
 * Times transformers.js itself, with onnxruntime-web as it uses it: the library's own file as it is published, which
 * the page's import map leads to its runtime. (Bundled with the page it has no runtime; see vite.config.ts.)
 */
import { repeat } from '../measure.ts';

export interface TransformersRequest {
  /** The folder below `/models/` that holds config.json and `onnx/model.onnx`. */
  readonly model: string;
  /** Names of the files of weights in `onnx/`. */
  readonly dataFiles: readonly string[];
  readonly device: 'wasm' | 'webgpu';
  readonly threads: number;
  /** One for each of the graph's inputs. */
  readonly inputs: readonly {
    readonly name: string;
    readonly type: 'float32' | 'int32' | 'int64';
    readonly dims: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly budgetMs: number;
}

declare global {
  /** @returns milliseconds of each run */
  var benchTransformers: (request: TransformersRequest) => Promise<number[]>;
}

type Transformers = typeof import('@xenova/transformers');
const library = '/packages/transformers/transformers.web.js';
const runtime = '/packages/onnxruntime-web/ort-wasm-simd-threaded.asyncify';

globalThis.benchTransformers = async ({ model: name, dataFiles, device, threads, inputs, budgetMs }) => {
  const { env, Tensor, ViTMAEModel }: Transformers = await import(/* @vite-ignore */ library);
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) throw new Error('transformers.js has no runtime.');
  wasm.numThreads = threads;
  // The build that it asks for by default, from here and not from a host on the network.
  wasm.wasmPaths = { mjs: `${location.origin}${runtime}.mjs`, wasm: `${location.origin}${runtime}.wasm` };
  const model = await ViTMAEModel.from_pretrained(name, {
    device,
    dtype: 'fp32',
    session_options: {
      externalData: dataFiles.map((file) => ({ path: file, data: `onnx/${file}` })),
    },
  });
  const feeds = Object.fromEntries(
    inputs.map(({ name: input, type, dims, values }) => [
      input,
      new Tensor(type, typed(type, values), [...dims]),
    ]),
  );
  const times = await repeat(async () => {
    const start = performance.now();
    await model(feeds);
    return performance.now() - start;
  }, budgetMs);
  await model.dispose();
  return times;
};

function typed(type: 'float32' | 'int32' | 'int64', values: readonly number[]) {
  if (type === 'int64') return BigInt64Array.from(values, BigInt);
  return type === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
}
