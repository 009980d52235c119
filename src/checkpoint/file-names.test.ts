import { describe, expect, test } from 'vitest';
import {
  ACCEPTED,
  extensionOfShards,
  fileName,
  indexOf,
  isArchive,
  isForeignWeights,
  isIndex,
  isJson,
  isWeights,
  liesBeside,
  withoutExtension,
} from './file-names.ts';

const KINDS = { isWeights, isIndex, isForeignWeights, isArchive, liesBeside };

describe('by its name', () => {
  test.each([
    ['model.safetensors', ['isWeights']],
    ['pytorch_model.bin', ['isWeights']],
    ['mae_visualize_vit_base.pth', ['isWeights']],
    ['views.PT', ['isWeights']],
    ['epoch=3.ckpt', ['isWeights']],
    ['checkpoint_0001.pyth', ['isWeights']],
    ['model.safetensors.index.json', ['isIndex', 'liesBeside']],
    ['pytorch_model.bin.index.json', ['isIndex', 'liesBeside']],
    ['tf_model.h5', ['isWeights']],
    ['tf_model.h5.index.json', ['isIndex', 'liesBeside']],
    ['model.weights.h5', ['isForeignWeights']],
    ['mae.keras', ['isForeignWeights']],
    ['w.npy', ['isForeignWeights']],
    ['w.npz', ['isForeignWeights']],
    ['flax_model.msgpack', ['isForeignWeights']],
    ['model.ckpt.index', ['isForeignWeights']],
    ['model.ckpt-1000.data-00000-of-00001', ['isForeignWeights']],
    ['mae.zip', ['isArchive']],
    ['mae.pth.gz', ['isArchive']],
    ['mae.7z', ['isArchive']],
    ['training_args.bin', ['isWeights', 'liesBeside']],
    ['config.json', ['liesBeside']],
    ['.gitattributes', ['liesBeside']],
    ['weights', []],
    ['safetensors', []],
    ['model.data', []],
    ['xpth', []],
  ])('%s is told apart', (name, kinds) => {
    expect(Object.entries(KINDS).flatMap(([kind, test]) => (test(name) ? [kind] : []))).toEqual(kinds);
  });

  test('a config is known whatever it is called', () => {
    expect(isJson('config (1).JSON')).toBe(true);
    expect(isJson('config.jsonl')).toBe(false);
  });
});

test('shards end as the file would that they are parts of', () => {
  expect(indexOf('model.safetensors')).toBe('model.safetensors.index.json');
  expect(extensionOfShards('model.safetensors.index.json')).toBe('.safetensors');
  expect(extensionOfShards('pytorch_model.bin.index.json')).toBe('.bin');
});

test('a file picker offers every kind of weights, and configs', () => {
  expect(ACCEPTED).toBe('.json,.safetensors,.bin,.pth,.pt,.ckpt,.pyth,.h5,.hdf5');
});

test('a model is called as its weights, without their extension', () => {
  expect(withoutExtension('mae.pth')).toBe('mae');
  expect(withoutExtension('facebook/vit-mae-base')).toBe('facebook/vit-mae-base');
});

test.each([
  ['https://x.example/d/m.bin?key=1#a', 'm.bin'],
  ['https://x.example/d/my%20m.bin', 'my m.bin'],
  ['https://x.example/d/100%.bin', '100%.bin'],
  ['https://x.example/d/', ''],
])('the file at %s is %j', (url, name) => {
  expect(fileName(url)).toBe(name);
});
