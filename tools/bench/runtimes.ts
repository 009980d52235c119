import type { AttentionKind, Precision } from '../../src/graph/graph-options.ts';

/** One way in which the page can run a model. */
export interface Runtime {
  readonly id: string;
  readonly device: 'wasm' | 'webgpu';
  readonly threads: number;
  readonly precision: Precision;
  readonly attention: AttentionKind;
}

const wasm = { device: 'wasm', attention: 'fused' } as const;
const webgpu = { device: 'webgpu', threads: 1 } as const;

export const OUR_RUNTIMES: readonly Runtime[] = [
  { id: 'wasm-1-float32', ...wasm, threads: 1, precision: 'float32' },
  { id: 'wasm-1-int8', ...wasm, threads: 1, precision: 'int8' },
  { id: 'wasm-2-float32', ...wasm, threads: 2, precision: 'float32' },
  { id: 'wasm-2-int8', ...wasm, threads: 2, precision: 'int8' },
  { id: 'webgpu-fused', ...webgpu, precision: 'float32', attention: 'fused' },
  { id: 'webgpu-composed', ...webgpu, precision: 'float32', attention: 'composed' },
  { id: 'webgpu-float16', ...webgpu, precision: 'float16', attention: 'fused' },
];

/** The ids that each name means: itself and all that begin with it, so `wasm` means four. */
export function runtimesNamed(names: readonly string[]): readonly Runtime[] {
  return OUR_RUNTIMES.filter(({ id }) => names.some((name) => id === name || id.startsWith(`${name}-`)));
}

/** The same device and threads in float32; null for what is in float32 itself. */
export function inFloat32(id: string): string | null {
  if (id.endsWith('-int8')) return id.replace(/int8$/, 'float32');
  return id === 'webgpu-float16' ? 'webgpu-fused' : null;
}
