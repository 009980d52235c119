import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import { makeCheckpoint } from '../checkpoint.ts';
import { readSafetensorsHeader } from '../formats/safetensors.ts';
import { modelTensors, type WrittenTensor, writeSafetensors } from '../formats/testing/safetensors.ts';
import { valueCount } from '../tensors/strided.ts';
import { INFERABLE } from '../testing/contents.ts';
import { inferConfig } from './infer.ts';
import { matchNamed, nameTensors } from './names.ts';
import type { NamingScheme } from './scheme.ts';
import { SCHEMES } from './schemes.ts';
import { tensorflow } from './tensorflow.ts';

const PUBLISHED = modelTensors(INFERABLE);

/** A published tensor as TensorFlow writes it. */
function asKernel(tensor: WrittenTensor): WrittenTensor {
  const { name, shape, bytes } = tensor;
  if (!name.endsWith('.weight') || shape.length < 2)
    return { ...tensor, name: `${name.replaceAll('.', '/')}:0` };
  const values = new Float32Array(bytes.slice().buffer);
  const kernel = new Float32Array(values.length);
  const [rows = 0, ...rest] = shape;
  const [channels = 1, ...patch] = rest;
  const kernelShape = shape.length === 2 ? [channels, rows] : [...patch, channels, rows];
  const inside = valueCount(patch);
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < inside; at++) {
        kernel[(at * channels + channel) * rows + row] = values[
          (row * channels + channel) * inside + at
        ] as number;
      }
    }
  }
  return {
    ...tensor,
    name: `${name.replace(/weight$/, 'kernel').replaceAll('.', '/')}:0`,
    shape: kernelShape,
    bytes: new Uint8Array(kernel.buffer),
  };
}

describe('a scheme whose tensors lie in other axes', () => {
  const file = async () => {
    const source = memorySource('model.safetensors', writeSafetensors(PUBLISHED.map(asKernel)));
    const { tensors } = await readSafetensorsHeader(source);
    return nameTensors(tensors.values(), source.name);
  };

  test('is found by its names', async () => {
    const named = await file();
    expect(named.scheme).toBe(tensorflow);
    expect(named.found.size).toBe(PUBLISHED.length);
    expect(named.found.get('vit.encoder.layer.0.intermediate.dense.weight')).toMatchObject({
      name: 'vit/encoder/layer/0/intermediate/dense/kernel:0.transpose(1, 0)',
      shape: [12, 64],
      strides: [1, 12],
    });
    expect(named.found.get('vit.embeddings.patch_embeddings.projection.weight')?.shape).toEqual([
      64, 3, 4, 4,
    ]);
  });

  test('gives every value of the published model, read with and without waiting', async () => {
    const checkpoint = makeCheckpoint(INFERABLE, undefined, matchNamed(INFERABLE, await file(), 'file'));
    const readSync = await checkpoint.syncReader();
    for (const { name, shape, bytes } of PUBLISHED) {
      const [waited, direct] = [new Float32Array(valueCount(shape)), new Float32Array(valueCount(shape))];
      await checkpoint.readFloat32(name, waited);
      readSync(name, direct);
      expect(new Uint8Array(waited.buffer), name).toEqual(bytes);
      expect(new Uint8Array(direct.buffer), name).toEqual(bytes);
    }
    expect(checkpoint.bytes).toBe(4 * checkpoint.parameters);
  });

  test('tells the sizes of a model without a config', async () => {
    const { config } = inferConfig(await file(), new Map(), 'model.safetensors');
    expect(config).toEqual(INFERABLE);
  });
});

test('a tensor that a scheme knows nothing of counts for no scheme', () => {
  const silent: NamingScheme = { framework: 'pt', layerNormEps: 1, parameters: () => [] };
  const stored = PUBLISHED.map(({ name, shape }) => ({
    name,
    dtype: 'F32' as const,
    shape,
    source: memorySource('f', new Uint8Array()),
    start: 0,
    end: 0,
  }));
  expect(nameTensors(stored, 'f', 'all', [silent, ...SCHEMES]).scheme).toBe(SCHEMES[0]);
});
