/** The runtime for tests and tools in Node, on WebAssembly; the page's own is in ort.ts. */
import type { RuntimeLoader } from '../session/session.ts';

export const loadNodeRuntime: RuntimeLoader = async (kind) => {
  if (kind === 'webgpu') throw new Error('Node has no WebGPU.');
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return ort;
};
