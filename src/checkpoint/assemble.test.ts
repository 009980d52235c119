import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { squareGrid } from '../mae/geometry.ts';
import { sincosPositions } from '../mae/position.ts';
import { openCheckpoint } from './assemble.ts';
import { memorySource } from './bytes/bytes.ts';
import { rawFile, writeSafetensors } from './formats/testing/safetensors.ts';
import {
  bytesOf,
  COMPLETE,
  type Contents,
  expectComplete,
  JSON_CONFIG,
  readAll,
  shards,
  TENSORS,
} from './testing/contents.ts';

const fromMemory = (contents: Contents) =>
  openCheckpoint(
    new Map(Object.entries(contents).map(([name, content]) => [name, memorySource(name, bytesOf(content))])),
  );
describe('a checkpoint', () => {
  test('opens from one file of weights', async () => {
    const checkpoint = await fromMemory(COMPLETE);
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toEqual({ size: 8, image_mean: [0, 0, 0] });
  });

  test('opens from shards', async () => {
    const checkpoint = await fromMemory(shards(TENSORS));
    await expectComplete(checkpoint);
    expect(checkpoint.preprocessorConfig).toBeUndefined();
  });

  test('knows how many bytes are stored', async () => {
    const halves = TENSORS.map((tensor) => ({
      ...tensor,
      dtype: 'BF16',
      bytes: new Uint8Array(tensor.bytes.byteLength / 2),
    }));
    const checkpoint = await fromMemory({ ...COMPLETE, 'model.safetensors': writeSafetensors(halves) });
    expect(checkpoint.bytes).toBe(2 * checkpoint.parameters);
  });

  test('computes position embeddings that it lacks', async () => {
    const without = TENSORS.filter(({ name }) => !/pos(ition)?_embed/.test(name));
    const checkpoint = await fromMemory({ ...COMPLETE, 'model.safetensors': writeSafetensors(without) });
    expect(await readAll(checkpoint, 'vit.embeddings.position_embeddings')).toEqual(
      sincosPositions(8, squareGrid(2)),
    );
    const into = new Float32Array(2 + 5 * 4).fill(9);
    await checkpoint.readFloat32('decoder.decoder_pos_embed', into, 2);
    expect(into).toEqual(Float32Array.of(9, 9, ...sincosPositions(4, squareGrid(2))));
    expect(checkpoint.bytes).toBe(4 * (checkpoint.parameters - 5 * 8 - 5 * 4));
  });

  test('has no other tensors', async () => {
    const checkpoint = await fromMemory(COMPLETE);
    await expect(checkpoint.readFloat32('pooler.weight', new Float32Array(1))).rejects.toThrow(RangeError);
    const read = await checkpoint.syncReader();
    expect(() => read('pooler.weight', new Float32Array(1))).toThrow(RangeError);
  });
});

describe('a checkpoint of the real library', () => {
  const GOLDEN = new URL('../../tools/reference/golden/', import.meta.url);
  const FILES = ['config.json', 'preprocessor_config.json', 'model.safetensors'];
  const names = readdirSync(GOLDEN).filter((name) =>
    existsSync(new URL(`${name}/model.safetensors`, GOLDEN)),
  );

  test.each(names)('%s opens, and every value is finite', async (name) => {
    const contents = FILES.map((file) => [
      file,
      new Uint8Array(readFileSync(new URL(`${name}/${file}`, GOLDEN))),
    ]);
    const checkpoint = await fromMemory(Object.fromEntries(contents));
    expect(checkpoint.preprocessorConfig).toHaveProperty('image_mean');
    for (const tensor of checkpoint.tensors.keys()) {
      const values = await readAll(checkpoint, tensor);
      expect(values.every(Number.isFinite)).toBe(true);
      expect(values.some((value) => value !== 0)).toBe(true);
    }
  });

  test('is there in float32 and in both 16-bit types', () => {
    expect(names).toEqual(expect.arrayContaining(['patch16-64px', 'float16', 'bfloat16']));
  });
});

describe('files that do not fit', () => {
  const without = (name: string) =>
    Object.fromEntries(Object.entries(COMPLETE).filter(([key]) => key !== name));
  const INDEX = 'model.safetensors.index.json';
  const sharded = shards(TENSORS);
  const mapping = (map: unknown) => ({ ...sharded, [INDEX]: { weight_map: map } });

  test.each<[string, Contents, string, string | RegExp]>([
    [
      'nothing',
      {},
      'not-found',
      'A file is missing: the weights (model.safetensors). Choose all files of the model together (given: none).',
    ],
    [
      'no config.json',
      without('config.json'),
      'not-found',
      /missing: config\.json.*The shapes in model\.safetensors do not tell how many attention heads its encoder of width 8 has/,
    ],
    ['no weights', without('model.safetensors'), 'not-found', /missing: the weights \(model\.safetensors\)/],
    [
      'two unrelated files of weights',
      { ...without('model.safetensors'), 'a.safetensors': '', 'b.safetensors': '' },
      'not-found',
      /not clear which file holds the weights: "a\.safetensors" or "b\.safetensors"/,
    ],
    [
      'a config that is no JSON',
      { ...COMPLETE, 'config.json': '<html>' },
      'config-invalid',
      /^config\.json is not a JSON file/,
    ],
    [
      'a config that is not text',
      { ...COMPLETE, 'config.json': Uint8Array.of(0xff) },
      'config-invalid',
      /^config\.json is not a JSON file/,
    ],
    [
      'an endless config',
      { ...COMPLETE, 'config.json': new Uint8Array(2 ** 24 + 1) },
      'config-invalid',
      /^config\.json has 16,777,217 bytes, far too many/,
    ],
    [
      'a config of another model',
      { ...COMPLETE, 'config.json': { model_type: 'vit' } },
      'config-unsupported',
      /"vit"/,
    ],
    [
      'a preprocessor that is no JSON',
      { ...COMPLETE, 'preprocessor_config.json': '' },
      'config-invalid',
      /^preprocessor_config\.json is not a JSON file/,
    ],
    [
      'broken weights',
      { ...COMPLETE, 'model.safetensors': rawFile('[]') },
      'checkpoint-malformed',
      /not a sound safetensors file/,
    ],
    [
      'weights of another size',
      { ...COMPLETE, 'config.json': { ...JSON_CONFIG, intermediate_size: 16 } },
      'checkpoint-wrong-shape',
      /\[16, 8\]/,
    ],
    [
      'an index that is no JSON',
      { ...sharded, [INDEX]: '{' },
      'checkpoint-malformed',
      /^model\.safetensors\.index\.json is not a JSON file/,
    ],
    ['an index without a map', { ...sharded, [INDEX]: [] }, 'checkpoint-malformed', /has no weight_map/],
    [
      'an index that points to a number',
      mapping({ a: 3 }),
      'checkpoint-malformed',
      /"a" is in 3, which is not the name/,
    ],
    [
      'an index that points elsewhere',
      mapping({ a: 'https://elsewhere.example/a.safetensors' }),
      'checkpoint-malformed',
      /is not the name of a \.safetensors file beside it/,
    ],
    [
      'an index that points upwards',
      mapping({ a: '..\\a.safetensors' }),
      'checkpoint-malformed',
      /is not the name of a \.safetensors file beside it/,
    ],
    [
      'an index whose shard is missing',
      mapping({ a: 'c.safetensors' }),
      'not-found',
      /missing: "c\.safetensors", a part of the weights/,
    ],
    [
      'an index that names the wrong shard',
      mapping({ a: 'model-00001-of-00002.safetensors' }),
      'checkpoint-malformed',
      /says that the tensor "a" is in "model-00001-of-00002\.safetensors", and it is not/,
    ],
  ])('%s', async (_, contents, code, message) => {
    await expect(fromMemory(contents)).rejects.toMatchObject({
      name: 'LensError',
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
