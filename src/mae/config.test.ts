import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import { parseConfig } from './config.ts';
import { geometryOf, patchCount, patchLength } from './geometry.ts';

const HUGE = {
  model_type: 'vit_mae',
  architectures: ['ViTMAEForPreTraining'],
  hidden_size: 1280,
  num_hidden_layers: 32,
  num_attention_heads: 16,
  intermediate_size: 5120,
  patch_size: 14,
  layer_norm_eps: 1e-12,
  torch_dtype: 'fp32',
};

describe('parseConfig', () => {
  test('fills in the defaults of the reference', () => {
    expect(parseConfig({})).toEqual({
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0,
      attention_probs_dropout_prob: 0,
      initializer_range: 0.02,
      layer_norm_eps: 1e-12,
      image_size: 224,
      patch_size: 16,
      num_channels: 3,
      qkv_bias: true,
      decoder_num_attention_heads: 16,
      decoder_hidden_size: 512,
      decoder_num_hidden_layers: 8,
      decoder_intermediate_size: 2048,
      mask_ratio: 0.75,
      norm_pix_loss: false,
    });
  });

  test('reads the huge model, whose patches are 14 pixels wide', () => {
    const config = parseConfig(HUGE);
    expect(config.hidden_size).toBe(1280);
    const geometry = geometryOf(config);
    expect(geometry).toEqual({ grid: { rows: 16, columns: 16 }, patchSize: 14, channels: 3 });
    expect([patchCount(geometry.grid), patchLength(geometry)]).toEqual([256, 588]);
  });

  test('takes square sizes written as pairs', () => {
    const config = parseConfig({ image_size: [96, 96], patch_size: [8, 8] });
    expect([config.image_size, config.patch_size]).toEqual([96, 8]);
  });

  test('takes oblong images and any channels, as the geometry has them', () => {
    const config = parseConfig({ image_size: [32, 48], patch_size: 8, num_channels: 1 });
    expect(config.image_size).toEqual([32, 48]);
    expect(geometryOf(config)).toEqual({ grid: { rows: 4, columns: 6 }, patchSize: 8, channels: 1 });
  });

  test.each(['gelu', 'relu', 'selu', 'gelu_new'])('accepts the activation %s', (hidden_act) => {
    expect(parseConfig({ hidden_act }).hidden_act).toBe(hidden_act);
  });

  test.each([0, 1])('accepts the mask ratio %d', (mask_ratio) => {
    expect(parseConfig({ mask_ratio }).mask_ratio).toBe(mask_ratio);
  });

  test.each([
    [null, 'not a JSON object'],
    ['{}', 'not a JSON object'],
    [[], 'not a JSON object'],
    [{ hidden_size: '768' }, 'hidden_size'],
    [{ hidden_size: Number.NaN }, 'hidden_size'],
    [{ hidden_size: Number.POSITIVE_INFINITY }, 'hidden_size'],
    [{ hidden_size: 0 }, 'hidden_size'],
    [{ hidden_size: 768.5 }, 'hidden_size'],
    [{ num_hidden_layers: -1 }, 'num_hidden_layers'],
    [{ hidden_size: 770 }, 'num_attention_heads'],
    [{ decoder_hidden_size: 520 }, 'decoder_num_attention_heads'],
    [{ image_size: 225 }, 'patch_size'],
    [{ image_size: 8 }, 'patch_size'],
    [{ image_size: [224, 224, 3] }, 'image_size'],
    [{ image_size: [224, 200] }, 'image_size (200)'],
    [{ num_channels: 0 }, 'num_channels'],
    [{ mask_ratio: 1.01 }, 'mask_ratio'],
    [{ mask_ratio: -0.1 }, 'mask_ratio'],
    [{ layer_norm_eps: -1 }, 'layer_norm_eps'],
    [{ qkv_bias: 'yes' }, 'qkv_bias'],
    [{ norm_pix_loss: null }, 'norm_pix_loss'],
  ])('finds %j invalid', (json, named) => {
    expect(() => parseConfig(json)).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(named) }),
    );
  });

  test.each([
    [{ model_type: 'vit' }, '"vit"'],
    [{ hidden_act: 'quick_gelu' }, 'quick_gelu'],
    [{ num_channels: 257 }, 'num_channels'],
    [{ patch_size: [16, 8] }, '[16, 8]'],
    [{ image_size: [32, 8192] }, 'image_size'],
    [{ image_size: 1e6, patch_size: 1e5 }, 'image_size'],
    [{ image_size: 4096, patch_size: 1 }, 'patches'],
    [{ hidden_size: 1e9 }, 'hidden_size'],
    [{ decoder_num_hidden_layers: 1e6 }, 'decoder_num_hidden_layers'],
  ])('says that it cannot run %j', (json, named) => {
    expect(() => parseConfig(json)).toThrow(
      expect.objectContaining({ code: 'config-unsupported', message: expect.stringContaining(named) }),
    );
  });

  test('answers any JSON with a configuration or a LensError', () => {
    const keys = fc.constantFrom(...Object.keys(parseConfig({})), 'model_type', '__proto__', 'other');
    const json = fc.oneof(
      fc.anything(),
      fc.dictionary(keys, fc.oneof(fc.anything(), fc.integer(), fc.double())),
    );
    fc.assert(
      fc.property(json, (value) => {
        try {
          expect(Number.isInteger(geometryOf(parseConfig(value)).grid.rows)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LensError);
        }
      }),
    );
  });
});
