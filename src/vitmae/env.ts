/** Settings of the library as a whole, named as in transformers.js. Set them before the first model is loaded. */
import { HUB } from '../checkpoint/sources/address.ts';

export interface Environment {
  /** The hub, or a mirror of it. */
  remoteHost: string;
  /** Whether downloads are kept: in the browser's private file system, in Node in `cacheDir`. */
  useCache: boolean;
  /** In Node, where downloads are kept. */
  cacheDir: string;
  readonly backends: {
    readonly onnx: {
      readonly wasm: {
        /**
         * Where the runtime's WebAssembly lies: a folder's address with a slash at its end, or the addresses of both
         * files. Where absent the runtime looks beside its own script, which bundlers understand.
         */
        wasmPaths?: string | { readonly mjs?: string; readonly wasm?: string };
        /** Threads on WebAssembly; where absent, as many as the device has (at most 8) where it allows any. */
        numThreads?: number;
      };
    };
  };
}

export const env: Environment = {
  remoteHost: HUB,
  useCache: true,
  cacheDir: './.cache/mae-lens',
  backends: { onnx: { wasm: {} } },
};
