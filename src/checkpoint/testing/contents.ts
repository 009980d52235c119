/** For tests: the files of a small model. */
import { expect } from 'vitest';
import { parseConfig } from '../../mae/config.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { modelTensors, type WrittenTensor, writeSafetensors } from '../formats/testing/safetensors.ts';

export const JSON_CONFIG = {
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 12,
  image_size: 8,
  patch_size: 4,
  decoder_hidden_size: 4,
  decoder_num_hidden_layers: 1,
  decoder_num_attention_heads: 1,
  decoder_intermediate_size: 6,
};
export const CONFIG = parseConfig(JSON_CONFIG);
export const TENSORS = modelTensors(CONFIG);

/** A model whose widths tell its heads, so that it needs no config.json. */
export const INFERABLE = parseConfig({
  ...JSON_CONFIG,
  hidden_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  decoder_hidden_size: 32,
});

/** Files by name; what is no bytes is written as text or JSON. */
export type Contents = Readonly<Record<string, Uint8Array<ArrayBuffer> | string | object>>;

export function bytesOf(content: Contents[string]): Uint8Array<ArrayBuffer> {
  if (content instanceof Uint8Array) return content as Uint8Array<ArrayBuffer>;
  return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
}

/** Config, preprocessor and weights. */
export const COMPLETE: Contents = {
  'config.json': JSON_CONFIG,
  'preprocessor_config.json': { size: 8, image_mean: [0, 0, 0] },
  'model.safetensors': writeSafetensors(TENSORS, { format: 'pt' }),
};

/** Config, and the weights in two files with their index. */
export function shards(tensors: readonly WrittenTensor[]): Contents {
  const half = Math.floor(tensors.length / 2);
  const parts = [tensors.slice(0, half), tensors.slice(half)];
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const map = parts.flatMap((part, i) => part.map(({ name }) => [name, names[i]]));
  return {
    'config.json': JSON_CONFIG,
    'model.safetensors.index.json': { metadata: { total_size: 1 }, weight_map: Object.fromEntries(map) },
    ...Object.fromEntries(parts.map((part, i) => [names[i], writeSafetensors(part)])),
  };
}

/** All values of a tensor. */
export async function readAll(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const shape = checkpoint.tensors.get(name)?.shape ?? [];
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  await checkpoint.readFloat32(name, values);
  return values;
}

/** Expects that it is the model of `TENSORS`. */
export async function expectComplete(checkpoint: Checkpoint): Promise<void> {
  expect(checkpoint.config).toEqual(CONFIG);
  for (const { name, bytes } of TENSORS) {
    expect(await readAll(checkpoint, name)).toEqual(new Float32Array(bytes.slice().buffer));
  }
  const parameters = TENSORS.reduce((sum, { bytes }) => sum + bytes.byteLength / 4, 0);
  expect(checkpoint).toMatchObject({ parameters, bytes: 4 * parameters });
}
