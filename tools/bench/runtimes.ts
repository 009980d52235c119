import type { AttentionKind, Dtype } from '../../src/graph/graph-options.ts';

/** One way in which the page can run a model. */
export interface Runtime {
  readonly id: string;
  readonly device: 'wasm' | 'webgpu';
  readonly threads: number;
  readonly dtype: Dtype;
  readonly attention: AttentionKind;
}

const wasm = { device: 'wasm', attention: 'fused' } as const;
const webgpu = { device: 'webgpu', threads: 1 } as const;

export const OUR_RUNTIMES: readonly Runtime[] = [
  { id: 'wasm-1-fp32', ...wasm, threads: 1, dtype: 'fp32' },
  { id: 'wasm-1-q8', ...wasm, threads: 1, dtype: 'q8' },
  { id: 'wasm-2-fp32', ...wasm, threads: 2, dtype: 'fp32' },
  { id: 'wasm-2-q8', ...wasm, threads: 2, dtype: 'q8' },
  { id: 'webgpu-fused', ...webgpu, dtype: 'fp32', attention: 'fused' },
  { id: 'webgpu-composed', ...webgpu, dtype: 'fp32', attention: 'composed' },
  { id: 'webgpu-fp16', ...webgpu, dtype: 'fp16', attention: 'fused' },
];

/** The ids that each name means: itself and all that begin with it, so `wasm` means four. */
export function runtimesNamed(names: readonly string[]): readonly Runtime[] {
  return OUR_RUNTIMES.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}-`)));
}

/** The same device and threads in float32; null for what is in float32 itself. */
export function inFloat32(id: string): string | null {
  if (id.endsWith('-q8')) return id.replace(/q8$/, 'fp32');
  return id === 'webgpu-fp16' ? 'webgpu-fused' : null;
}
