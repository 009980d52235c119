import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import { hubAddress } from './address.ts';
import { findWanted, type RemoteFolder } from './remote-folder.ts';

const WEIGHTS = 'model.safetensors';
const SHARDS = 'model.safetensors.index.json';

/** What a folder with these files is asked for, and what of it is wanted. */
async function wanted(
  names: readonly string[],
  weights: string | null,
  contents: Record<string, unknown> = {},
  listed = false,
) {
  const asked: string[] = [];
  const read: string[] = [];
  const folder: RemoteFolder = {
    commit: null,
    list: async () => (listed ? names : []),
    find: async (name) => {
      asked.push(name);
      return names.includes(name) ? { name, url: name, size: 1, sha256: null, identity: null } : undefined;
    },
  };
  const files = await findWanted(folder, hubAddress('a/b', { weights }), async ({ name }) => {
    read.push(name);
    return memorySource(name, new TextEncoder().encode(JSON.stringify(contents[name] ?? {})));
  }).catch((error: unknown) => error as Error);
  return { files, asked, read };
}
const IN_PARTS = { weight_map: { x: 'a.safetensors', y: 'b.safetensors', z: 'a.safetensors' } };

describe("of a folder's files", () => {
  test.each([
    [['config.json', 'pytorch_model.bin', WEIGHTS, 'tf_model.h5'], null, ['config.json'], [WEIGHTS]],
    [
      ['config.json', 'pytorch_model.bin', SHARDS, 'a.safetensors', 'b.safetensors'],
      null,
      ['config.json', SHARDS],
      ['a.safetensors', 'b.safetensors'],
    ],
    [['config.json', 'pytorch_model.bin', 'tf_model.h5'], null, ['config.json'], ['pytorch_model.bin']],
    [
      ['config.json', 'preprocessor_config.json', WEIGHTS, 'pytorch_model.bin'],
      'pytorch_model.bin',
      ['config.json', 'preprocessor_config.json'],
      ['pytorch_model.bin'],
    ],
    [['mae_visualize_vit_large.pth'], 'mae_visualize_vit_large.pth', [], ['mae_visualize_vit_large.pth']],
  ])('%j with %j asked for, %j are read and %j is taken', async (names, weights, small, taken) => {
    const { files, read } = await wanted(names, weights, { [SHARDS]: IN_PARTS });
    expect(files).toEqual({
      small: small.map((name) => expect.objectContaining({ name })),
      weights: taken.map((name) => expect.objectContaining({ name })),
    });
    expect(read).toEqual(small);
  });

  test('in parts as PyTorch writes them the index is taken', async () => {
    const index = 'pytorch_model.bin.index.json';
    const { files } = await wanted(['config.json', index, 'a.bin'], null, {
      [index]: { weight_map: { x: 'a.bin' } },
    });
    expect(files).toMatchObject({
      small: [{ name: 'config.json' }, { name: index }],
      weights: [{ name: 'a.bin' }],
    });
  });

  test.each([
    [
      ['config.json', 'tf_model.weights.h5'],
      null,
      /^a\/b has no weights that this page can read: none of model\.safetensors,/,
    ],
    [[WEIGHTS], null, /^a\/b has no config\.json/],
    [['config.json'], 'x.bin', /^a\/b has no file "x\.bin"/],
    [['config.json', SHARDS, 'a.safetensors'], null, /^a\/b lacks "b\.safetensors", a part of the weights/],
  ])('%j with %j asked for is refused', async (names, weights, message) => {
    const { files } = await wanted(names, weights, { [SHARDS]: IN_PARTS });
    expect(files).toMatchObject({ code: 'not-found', message: expect.stringMatching(message) });
  });

  test.each([
    [['config.json', 'README.md', 'mae_visualize.pth'], ['config.json'], 'mae_visualize.pth'],
    [['config.json', 'last.ckpt', 'optimizer.pt'], ['config.json'], 'last.ckpt'],
    [['mae_visualize_vit_base.pth', 'LICENSE'], [], 'mae_visualize_vit_base.pth'],
    [['config.json', 'a.bin', 'b.safetensors'], ['config.json'], 'b.safetensors'],
    [['tf_model.h5'], [], 'tf_model.h5'],
  ])('that are listed, %j, the only one of weights is taken', async (names, small, taken) => {
    const { files, asked } = await wanted(names, null, {}, true);
    expect(files).toEqual({
      small: small.map((name) => expect.objectContaining({ name })),
      weights: [expect.objectContaining({ name: taken })],
    });
    expect(asked.length).toBeLessThanOrEqual(9);
  });

  test.each([
    [['config.json', 'a.pth', 'b.pth'], 'several-in-folder', /"a\.pth" and "b\.pth". Give the address/],
    [
      ['config.json', 'vit.weights.h5'],
      'only-keras-in-folder',
      /only in Keras' own format \("vit\.weights\.h5"\)/,
    ],
    [
      ['checkpoint', 'ckpt.data-00000-of-00001', 'ckpt.index'],
      'only-tensorflow-in-folder',
      /TensorFlow checkpoint/,
    ],
    [['config.json', 'flax_model.msgpack'], 'only-others-in-folder', /only "flax_model\.msgpack"/],
    [['config.json', 'README.md'], 'weights-not-in-folder', /none of model\.safetensors/],
    [['README.md'], 'config-not-in-folder', /has no config\.json/],
  ])('that are listed, %j, none is taken', async (names, key, message) => {
    const { files } = await wanted(names, null, {}, true);
    expect(files).toMatchObject({ key: `not-found/${key}`, message: expect.stringMatching(message) });
  });

  test('the weights of a model that cannot run are not asked for', async () => {
    const { files, asked } = await wanted(['config.json', WEIGHTS], null, {
      'config.json': { model_type: 'bert' },
    });
    expect(files).toMatchObject({ code: 'config-unsupported' });
    expect(asked).toEqual(['config.json', 'preprocessor_config.json']);
  });
});
