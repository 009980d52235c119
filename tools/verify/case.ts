import type { ByteSource } from '../../src/checkpoint/bytes/bytes.ts';
import { readSafetensorsHeader } from '../../src/checkpoint/formats/safetensors.ts';
import type { Values } from './compare.ts';

/** A golden case: inputs and expected outputs by name; see tools/reference/README.md. */
export interface GoldenCase {
  readonly tensors: ReadonlyMap<string, Values>;
  readonly maskRatio: number;
  /** Whether position embeddings are interpolated to the size of `pixel_values`. */
  readonly interpolate: boolean;
  /** Layers that are left out of either half. */
  readonly skipLayers: readonly number[];
  readonly decoderSkipLayers: readonly number[];
}

/** Whether pixel_values and noise are all that a case needs: no mask of heads, no layer left out, the model's own size. */
export function isPlain({ tensors, interpolate, skipLayers, decoderSkipLayers }: GoldenCase): boolean {
  const masked = tensors.has('head_mask') || tensors.has('decoder_head_mask');
  return !masked && !interpolate && skipLayers.length + decoderSkipLayers.length === 0;
}

/** @throws Error when the file is not a case */
export async function readCase(source: ByteSource): Promise<GoldenCase> {
  const index = await readSafetensorsHeader(source);
  const tensors = new Map<string, Values>();
  for (const [name, { dtype, shape, start, end }] of index.tensors) {
    const { buffer } = (await source.read(start, end)).slice();
    if (dtype !== 'F32' && dtype !== 'I64') throw new Error(`${name} is ${dtype}; cases hold F32 and I64.`);
    tensors.set(name, {
      shape,
      data: dtype === 'F32' ? new Float32Array(buffer) : new BigInt64Array(buffer),
    });
  }
  const maskRatio = Number(index.metadata.get('mask_ratio'));
  if (Number.isNaN(maskRatio)) throw new Error(`${source.name} has no mask_ratio in its metadata.`);
  const layers = (key: string) => (index.metadata.get(key) ?? '').split(',').filter(Boolean).map(Number);
  return {
    tensors,
    maskRatio,
    interpolate: index.metadata.get('interpolate_pos_encoding') === 'true',
    skipLayers: layers('skip_layers'),
    decoderSkipLayers: layers('decoder_skip_layers'),
  };
}
