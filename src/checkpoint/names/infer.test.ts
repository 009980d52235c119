import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig, type ViTMAEConfig } from '../../mae/config.ts';
import { sincosPositions } from '../../mae/position.ts';
import { memorySource } from '../bytes/bytes.ts';
import type { StoredTensor } from '../tensors/tensors.ts';
import { inferConfig } from './infer.ts';
import { nameTensors } from './names.ts';
import { expectedTensors } from './parameters.ts';
import { gridFromPositions } from './positions.ts';
import { toFacebookresearch } from './testing/names.ts';

const BASE = parseConfig({});
const LARGE = parseConfig({
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
});
const HUGE = parseConfig({
  hidden_size: 1280,
  intermediate_size: 5120,
  num_hidden_layers: 32,
  num_attention_heads: 16,
  patch_size: 14,
});
const SOURCE = memorySource('weights.pth', new Uint8Array());

const tensor = (name: string, shape: readonly number[]): StoredTensor => ({
  name,
  dtype: 'F32',
  shape,
  source: SOURCE,
  start: 0,
  end: 0,
});

/** A model's tensors as the authors have them. */
const facebookresearchTensors = (config: ViTMAEConfig) =>
  toFacebookresearch(published(config).map((each) => ({ ...each, bytes: new Uint8Array() }))).map(
    ({ name, shape }) => tensor(name, shape),
  );
const published = (config: ViTMAEConfig) =>
  [...expectedTensors(config)].map(([name, shape]) => tensor(name, shape));
const infer = (tensors: readonly StoredTensor[], file = 'weights.pth', said: Record<string, string> = {}) =>
  inferConfig(nameTensors(tensors, file), new Map(Object.entries(said)), file);

describe('the config of a file without config.json', () => {
  test.each([
    ['base', BASE],
    ['large', LARGE],
    ['huge', HUGE],
  ])('is that of the published %s model', (_, config) => {
    expect(infer(published(config)).config).toEqual(config);
    expect(infer(facebookresearchTensors(config), 'mae_visualize_vit.pth').config).toEqual({
      ...config,
      layer_norm_eps: 1e-6,
    });
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['mae_visualize_vit_large.pth', {}, false],
    ['mae_visualize_vit_large_ganloss.pth', {}, false],
    ['mae_pretrain_vit_large_full.pth', {}, true],
    ['mae_pretrain_vit_large_full (1).pth', {}, true],
    ['checkpoint-799.pth', {}, false],
    ['checkpoint-799.pth', { 'args.norm_pix_loss': 'true' }, true],
    ['checkpoint-799.pth', { 'args.norm_pix_loss': '1' }, true],
    ['mae_pretrain_vit_large_full.pth', { 'args.norm_pix_loss': 'false' }, false],
  ])('knows from %s and %o whether pixels are normalised', (file, said, normalised) => {
    const { config, assumptions } = infer(facebookresearchTensors(BASE), file, said);
    expect(config.norm_pix_loss).toBe(normalised);
    expect(assumptions).toContain(normalised ? 'normalised pixels.' : 'raw pixels.');
  });

  test.each([
    ['0.6', 0.6],
    ['7', 0.75],
  ])('takes a mask ratio that makes sense: %s', (said, ratio) => {
    expect(infer(published(BASE), 'a.bin', { 'args.mask_ratio': said }).config.mask_ratio).toBe(ratio);
  });

  test('counts heads by the width', () => {
    const small = { ...BASE, hidden_size: 384, intermediate_size: 1536, decoder_hidden_size: 256 };
    expect(infer(published(small)).config).toMatchObject({
      num_attention_heads: 6,
      decoder_num_attention_heads: 8,
    });
  });

  test('sees missing biases', () => {
    expect(infer(published({ ...BASE, qkv_bias: false })).config.qkv_bias).toBe(false);
  });

  test.each([
    [/position_embeddings/, 224],
    [/decoder_pos_embed/, 224],
    [/pos(ition)?_embed/, 224],
  ])('does without positions (%s)', (absent, size) => {
    const inferred = infer(published(HUGE).filter(({ name }) => !absent.test(name)));
    expect(inferred.config.image_size).toBe(size);
  });

  test('says which size it takes for granted without positions, and nothing of it with them', () => {
    const none = published(HUGE).filter(({ name }) => !/pos(ition)?_embed/.test(name));
    expect(infer(none).assumptions).toContain('a grid of 16 rows of 16 patches');
    expect(infer(published(HUGE)).assumptions).not.toContain('grid');
  });

  test('takes channels as the projection has them', () => {
    expect(infer(published({ ...BASE, num_channels: 1 })).config.num_channels).toBe(1);
    expect(infer(published({ ...BASE, num_channels: 4 })).config.num_channels).toBe(4);
  });

  test('says which grid it takes where the number of positions is no square, unless their values say one', () => {
    const oblong = { ...BASE, image_size: [1024, 128] as const };
    const { config, assumptions } = infer(published(oblong));
    expect(config.image_size).toEqual([16 * 16, 32 * 16]);
    expect(assumptions).toContain('a grid of 16 rows of 32 patches');
    const tensors = nameTensors(published(oblong), 'weights.pth');
    const stated = inferConfig(tensors, new Map(), 'weights.pth', 'all', { rows: 64, columns: 8 });
    expect(stated.config.image_size).toEqual([1024, 128]);
    expect(stated.assumptions).not.toContain('grid');
  });

  test('reads the grid from fixed positions, in any precision', async () => {
    const grids = fc.record({
      rows: fc.integer({ min: 1, max: 9 }),
      columns: fc.integer({ min: 2, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(grids, fc.constantFrom('F32', 'BF16'), async (grid, dtype) => {
        const table = sincosPositions(16, grid);
        const floats = new Uint8Array(Float32Array.from(table).buffer);
        const bytes = dtype === 'F32' ? floats : floats.filter((_, i) => i % 4 > 1);
        const positions: StoredTensor = {
          ...tensor('vit.embeddings.position_embeddings', [1, 1 + grid.rows * grid.columns, 16]),
          dtype: dtype as StoredTensor['dtype'],
          source: memorySource('weights.pth', bytes),
          end: bytes.length,
        };
        const named = { ...nameTensors(published(BASE), 'w'), found: new Map([[positions.name, positions]]) };
        expect(await gridFromPositions(named)).toEqual(grid);
      }),
      { numRuns: 30 },
    );
  });

  const changed = (name: string, shape: readonly number[]) =>
    published(BASE).map((each) => (each.name === name ? tensor(name, shape) : each));

  test.each<[string, readonly StoredTensor[], string, string]>([
    [
      'an encoder whose heads cannot be told',
      published({ ...BASE, hidden_size: 24 }),
      'not-found',
      'A file is missing: config.json, which says how the model is built. The shapes in weights.pth do not tell how many ' +
        'attention heads its encoder of width 24 has. Choose config.json together with the weights.',
    ],
    [
      'a decoder whose heads cannot be told',
      published({ ...BASE, decoder_hidden_size: 48 }),
      'not-found',
      'its decoder of width 48 has',
    ],
    [
      'positions that are a row or a column',
      changed('vit.embeddings.position_embeddings', [1, 198, 768]),
      'checkpoint-wrong-shape',
      'The tensor "vit.embeddings.position_embeddings" in weights.pth has the shape [1, 198, 768], from which',
    ],
    [
      'a projection with too few axes',
      changed('vit.embeddings.patch_embeddings.projection.weight', [768, 768]),
      'checkpoint-wrong-shape',
      "has the shape [768, 768], from which the model's size cannot be read",
    ],
    [
      'a projection with no rows',
      changed('vit.embeddings.patch_embeddings.projection.weight', [0, 3, 16, 16]),
      'checkpoint-wrong-shape',
      'has the shape [0, 3, 16, 16], from which',
    ],
    [
      'no projection',
      published(BASE).filter(({ name }) => !name.includes('projection')),
      'checkpoint-missing-tensor',
      'weights.pth lacks a tensor that says how large the model is: "vit.embeddings.patch_embeddings.projection.weight"',
    ],
    [
      'no first layer',
      published(BASE).filter(({ name }) => !name.includes('layer.0.')),
      'checkpoint-missing-tensor',
      '"vit.encoder.layer.0.intermediate.dense.weight"',
    ],
    [
      'a width beyond all models',
      changed('vit.embeddings.patch_embeddings.projection.weight', [2 ** 20, 3, 16, 16]),
      'config-unsupported',
      'The shapes in weights.pth describe a model that this page cannot run. If they stood in a config.json: ',
    ],
  ])('is refused for %s', (_, tensors, code, message) => {
    expect(() => infer(tensors)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
