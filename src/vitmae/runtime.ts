/**
 * The parts of onnxruntime-web, each loaded when first needed, for whoever installs the library: its files are found
 * beside its script, or where `env` says. The page has its own (runtime/device/ort.ts), whose files it serves itself.
 */
import type * as Ort from 'onnxruntime-web';
import type { RuntimeLoader } from '../runtime/session/session.ts';
import { disk } from './disk.ts';
import { env } from './env.ts';

/** More threads than this gain nothing at these sizes. */
const MAX_THREADS = 8;

let load: RuntimeLoader = async (kind) => {
  if (kind === 'wasm') return import('onnxruntime-web/wasm');
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
};

/** Takes another loader: the site's, which knows where its own files are. */
export function loadRuntimeBy(loader: RuntimeLoader): void {
  load = loader;
}

export const loadRuntime: RuntimeLoader = async (kind) => {
  const ort = await load(kind);
  const { wasmPaths, numThreads } = env.backends.onnx.wasm;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths as typeof Ort.env.wasm.wasmPaths & object;
  if (kind === 'wasm') ort.env.wasm.numThreads = numThreads ?? threadsHere();
  ort.env.logLevel = 'error';
  return ort;
};

/** WebAssembly threads need memory that is shared, which needs a cross-origin isolated page. Node is left at one. */
function threadsHere(): number {
  if (disk() !== null || globalThis.crossOriginIsolated !== true) return 1;
  return Math.min(navigator.hardwareConcurrency, MAX_THREADS);
}
