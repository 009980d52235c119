import { describe, expect, test } from 'vitest';
import { parseConfig, type ViTMAEConfig } from '../mae/config.ts';
import { memorySource } from './bytes.ts';
import { expectedTensors, matchTensors, publishedName } from './names.ts';
import type { StoredTensor } from './tensors.ts';

const SMALL = parseConfig({
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  image_size: 8,
  patch_size: 4,
  decoder_hidden_size: 4,
  decoder_num_hidden_layers: 1,
  decoder_num_attention_heads: 1,
  decoder_intermediate_size: 6,
});
const SOURCE = memorySource('model.safetensors', new Uint8Array());

function tensor(name: string, shape: readonly number[], dtype: StoredTensor['dtype'] = 'F32'): StoredTensor {
  return { name, dtype, shape, source: SOURCE, start: 0, end: 0 };
}

/** A file's tensors, with names changed by `rename`; undefined leaves one out. */
function file(rename: (name: string) => string | undefined, config: ViTMAEConfig = SMALL): StoredTensor[] {
  return [...expectedTensors(config)].flatMap(([name, shape]) => {
    const renamed = rename(name);
    return renamed === undefined ? [] : [tensor(renamed, shape)];
  });
}

const match = (tensors: StoredTensor[], config = SMALL) => matchTensors(config, tensors, 'model.safetensors');
const same = (name: string) => name;

/** The inverse of the page's table, by the names in transformers 5's own conversion table. */
function transformers5(name: string): string {
  return name
    .replace('vit.encoder.layer.', 'vit.layers.')
    .replace('attention.attention.query', 'attention.q_proj')
    .replace('attention.attention.key', 'attention.k_proj')
    .replace('attention.attention.value', 'attention.v_proj')
    .replace('attention.output.dense', 'attention.o_proj')
    .replace('intermediate.dense', 'mlp.fc1')
    .replace('output.dense', 'mlp.fc2');
}

describe('expectedTensors', () => {
  test.each([
    ['base', {}, 334, 111_907_840, 85_798_656],
    [
      'large',
      { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, num_attention_heads: 16 },
      526,
      329_541_888,
      undefined,
    ],
    [
      'huge',
      {
        hidden_size: 1280,
        intermediate_size: 5120,
        num_hidden_layers: 32,
        num_attention_heads: 16,
        patch_size: 14,
      },
      654,
      657_074_508,
      undefined,
    ],
  ])('has the counts of facebook/vit-mae-%s', (_, json, tensors, parameters, encoder) => {
    const expected = expectedTensors(parseConfig(json));
    const count = (prefix: string) =>
      [...expected]
        .filter(([name]) => name.startsWith(prefix))
        .reduce((sum, [, shape]) => sum + shape.reduce((product, side) => product * side, 1), 0);
    expect(expected.size).toBe(tensors);
    expect(count('')).toBe(parameters);
    if (encoder !== undefined) expect(count('vit.')).toBe(encoder);
  });

  test('has no query, key and value biases without qkv_bias', () => {
    const names = [...expectedTensors({ ...SMALL, qkv_bias: false }).keys()];
    expect(names.filter((name) => /(query|key|value)\.bias/.test(name))).toEqual([]);
    expect(names.filter((name) => /(query|key|value)\.weight/.test(name))).toHaveLength(9);
    expect(names).toContain('vit.encoder.layer.0.attention.output.dense.bias');
  });
});

describe('matchTensors', () => {
  test.each([
    ['published', same],
    ['transformers 5', transformers5],
    ['module.', (name: string) => `module.${name}`],
    ['model.', (name: string) => `model.${name}`],
    ['module._orig_mod. and transformers 5', (name: string) => `module._orig_mod.${transformers5(name)}`],
  ])('finds every parameter under %s names', (_, rename) => {
    const entries = match(file(rename).reverse());
    expect([...entries.keys()]).toEqual([...expectedTensors(SMALL).keys()]);
    for (const [name, entry] of entries) {
      expect(entry.stored?.name).toBe(rename(name));
      expect(entry).toMatchObject({ name, shape: expectedTensors(SMALL).get(name) });
    }
  });

  test('leaves published names as they are', () => {
    for (const name of expectedTensors(SMALL).keys()) expect(publishedName(name)).toBe(name);
  });

  test('ignores tensors that the model does not have, of whatever type', () => {
    const more = [tensor('classifier.weight', [3]), tensor('vit.embeddings.position_ids', [5], 'I64')];
    expect(match([...file(same), ...more]).size).toBe(expectedTensors(SMALL).size);
  });

  test('does without position embeddings', () => {
    const entries = match(file((name) => (/pos(ition)?_embed/.test(name) ? undefined : name)));
    expect(entries.get('decoder.decoder_pos_embed')).toEqual({
      name: 'decoder.decoder_pos_embed',
      shape: [1, 5, 4],
      stored: null,
    });
    expect(entries.get('vit.embeddings.position_embeddings')?.stored).toBeNull();
  });
});

describe('matchTensors refuses', () => {
  const refusal = (tensors: StoredTensor[], config = SMALL) => {
    try {
      match(tensors, config);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('a file without one tensor, by its name', () => {
    const tensors = file((name) => (name === 'decoder.mask_token' ? undefined : name));
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message:
        `model.safetensors lacks 1 of the ${expectedTensors(SMALL).size} tensors that its config.json asks for: ` +
        '"decoder.mask_token". Check that config.json and the weights come from the same model.',
    });
  });

  test('a file without a layer, by three names and their count', () => {
    const tensors = file((name) => (name.includes('.layer.1.') ? undefined : name));
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message: expect.stringContaining(
        'lacks 16 of the 62 tensors that its config.json asks for: "vit.encoder.layer.1.layernorm_before.weight", ' +
          '"vit.encoder.layer.1.layernorm_before.bias", "vit.encoder.layer.1.attention.attention.query.weight" and 13 more.',
      ),
    });
  });

  test.each([
    ['with the model’s names', (name: string) => (name.startsWith('vit.') ? name : undefined)],
    ['by itself', (name: string) => (name.startsWith('vit.') ? name.slice(4) : undefined)],
    [
      'by itself, from transformers 5',
      (name: string) => (name.startsWith('vit.') ? transformers5(name).slice(4) : undefined),
    ],
  ])('an encoder %s, and says what to load', (_, rename) => {
    expect(refusal(file(rename))).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message:
        'model.safetensors holds the encoder only. The decoder, which paints the hidden patches, is not in it, so ' +
        'it cannot reconstruct a picture. Load the complete model (ViTMAEForPreTraining), for example ' +
        'facebook/vit-mae-base.',
    });
  });

  test('another kind of model', () => {
    const tensors = ['conv1.weight', 'bn1.weight', 'fc.weight', 'fc.bias'].map((name) => tensor(name, [1]));
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message:
        'model.safetensors does not hold a ViTMAE model: it has tensors such as "conv1.weight", "bn1.weight", ' +
        '"fc.weight" and 1 more. Load a ViTMAEForPreTraining checkpoint, for example facebook/vit-mae-base.',
    });
  });

  test('a file without tensors', () => {
    expect(refusal([])).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message: expect.stringContaining('it has no tensor at all'),
    });
  });

  test('a wrong shape, with both shapes', () => {
    const tensors = file(same, { ...SMALL, intermediate_size: 16 });
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-wrong-shape',
      message:
        'The tensor "vit.encoder.layer.0.intermediate.dense.weight" in model.safetensors has the shape [16, 8], and ' +
        'its config.json asks for [12, 8]. Check that config.json and the weights come from the same model.',
    });
  });

  test('the right number of values in another shape', () => {
    const tensors = file(same).map((each) =>
      each.name === 'decoder.mask_token' ? tensor(each.name, [4]) : each,
    );
    expect(refusal(tensors)).toMatchObject({ code: 'checkpoint-wrong-shape' });
  });

  test('a type that cannot be read', () => {
    const tensors = file(same).map((each) =>
      each.name === 'decoder.mask_token' ? tensor(each.name, each.shape, 'F64') : each,
    );
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-unsupported',
      message: expect.stringContaining('"decoder.mask_token" in model.safetensors is stored as F64'),
    });
  });

  test('two tensors for one parameter', () => {
    const tensors = [...file(same), tensor('module.decoder.mask_token', [1, 1, 4])];
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-malformed',
      message: expect.stringContaining('"decoder.mask_token" and "module.decoder.mask_token"'),
    });
  });
});
