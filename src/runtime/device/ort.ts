/**
 * The parts of onnxruntime-web, each loaded when first needed. The runtime's WebAssembly is served with the page
 * itself and never from another host.
 *
 * - `wasm`: the processor alone; the smallest.
 * - `webgpu`: with `JavaScript promise integration` where the browser has it, which is a third smaller than the
 *   build that every browser can run (asyncify).
 */
import type * as Ort from 'onnxruntime-web';
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import plainMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { RuntimeLoader } from '../session/session.ts';

/** More threads than this gain nothing at these sizes. */
const MAX_THREADS = 8;

export const loadBrowserRuntime: RuntimeLoader = async (kind) => {
  const { ort, mjs, wasm } = await parts(kind);
  ort.env.wasm.wasmPaths = { mjs: absolute(mjs), wasm: absolute(wasm) };
  ort.env.wasm.numThreads = kind === 'wasm' ? availableThreads() : 1;
  ort.env.logLevel = 'error';
  return ort;
};

async function parts(kind: 'webgpu' | 'wasm'): Promise<{ ort: typeof Ort; mjs: string; wasm: string }> {
  if (kind === 'wasm') return { ort: await import('onnxruntime-web/wasm'), mjs: plainMjs, wasm: plainWasm };
  if ('Suspending' in WebAssembly)
    return { ort: await import('onnxruntime-web/jspi'), mjs: jspiMjs, wasm: jspiWasm };
  return { ort: await import('onnxruntime-web/webgpu'), mjs: asyncifyMjs, wasm: asyncifyWasm };
}

/** WebAssembly threads need memory that is shared, which needs a cross-origin isolated page. */
function availableThreads(): number {
  return globalThis.crossOriginIsolated === true ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
