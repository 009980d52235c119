/** Why a model does not run on what, or in what, it was asked to. Those that begin with a dtype are about that one. */
import { dtypes } from './dtypes.ts';

interface Running {
  /** What the model computes in meanwhile. */
  readonly running: keyof typeof dtypes;
}

const instead = (why: string, { running }: Running) => `${why} The model runs in ${dtypes[running]} instead.`;

export const reasons = {
  'apple-mobile':
    'On iPhone and iPad the model runs on WebAssembly, because WebGPU has been unstable there. Choose WebGPU to try it all the same.',
  'composed-attention':
    'The fused attention operator is wrong on this graphics device; the composed one is right and is used.',
  'fp16-attention-wrong': ({ error, ...rest }: Running & { readonly error: number }) =>
    instead(
      `This graphics device computes attention wrongly in float16 (off by ${error.toPrecision(2)}).`,
      rest,
    ),
  'fp16-not-here': (params: Running) => instead('This graphics device cannot compute in float16.', params),
  'fp16-not-on-wasm': (params: Running) =>
    instead('float16 is for WebGPU: WebAssembly would compute in float32 all the same.', params),
  'fp16-too-coarse': ({ error, ...rest }: Running & { readonly error: number }) =>
    instead(
      `This graphics device multiplies too coarsely in float16 (off by ${(100 * error).toPrecision(2)} %).`,
      rest,
    ),
  'q8-not-on-webgpu': (params: Running) =>
    instead('int8 is for WebAssembly: WebGPU has no fast operators for it.', params),
  'software-graphics':
    'WebGPU has no graphics device of its own here and would run on the processor, where WebAssembly is much faster.',
  'wasm-instead': ({ problem }: { readonly problem: string }) =>
    `${problem} The model runs on WebAssembly instead.`,
};
