import { describe, expect, test } from 'vitest';
import { parseConfig, type ViTMAEConfig } from '../../mae/config.ts';
import { memorySource } from '../bytes/bytes.ts';
import type { StoredTensor } from '../tensors/tensors.ts';
import { matchNamed, matchTensors, nameTensors } from './names.ts';
import { expectedTensors, isParameter } from './parameters.ts';
import { facebookresearchName, toFacebookresearch, transformers5 } from './testing/names.ts';

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

const decoderEncoder = (name: string) =>
  name.replace('decoder.decoder_layers.', 'decoder.decoder_encoder.layer.');

describe('matchTensors', () => {
  test.each([
    ['published', same],
    ['transformers 5', transformers5],
    ['module.', (name: string) => `module.${name}`],
    ['model.', (name: string) => `model.${name}`],
    ['a training program’s', (name: string) => `net.${name}`],
    ['several programs’', (name: string) => `trainer.mae.module._orig_mod.${name}`],
    ['compiled layers’', (name: string) => name.replace(/(\.\d\.)/, '$1_orig_mod.')],
    ['transformers 5.17 to 5.23’s', decoderEncoder],
    ['a program’s under transformers 5.23', (name: string) => `lit.${decoderEncoder(name)}`],
    ['two programs’', (name: string) => (name.startsWith('vit.') ? `backbone.${name}` : `head.${name}`)],
    ['module._orig_mod. and transformers 5', (name: string) => `module._orig_mod.${transformers5(name)}`],
  ])('finds every parameter under %s names', (_, rename) => {
    const entries = match(file(rename).reverse());
    expect([...entries.keys()]).toEqual([...expectedTensors(SMALL).keys()]);
    for (const [name, entry] of entries) {
      expect(entry.stored?.name).toBe(rename(name));
      expect(entry).toMatchObject({ name, shape: expectedTensors(SMALL).get(name) });
    }
  });

  test('finds every parameter under the original authors’ names, a third of a tensor for query, key and value', () => {
    const theirs = toFacebookresearch(file(same).map((each) => ({ ...each, bytes: new Uint8Array() })));
    expect(theirs).toHaveLength(62 - 3 * 4);
    const entries = match(
      theirs.map(({ name, shape }) => ({ ...tensor(`module.${name}`, shape), start: 100 })).reverse(),
    );
    expect([...entries.keys()]).toEqual([...expectedTensors(SMALL).keys()]);
    const stored = (name: string) => entries.get(`vit.encoder.layer.1.${name}`)?.stored;
    expect(stored('attention.attention.query.weight')).toMatchObject({
      name: 'module.blocks.1.attn.qkv.weight[0:8]',
      shape: [8, 8],
      start: 100,
      end: 100 + 256,
    });
    expect(stored('attention.attention.key.weight')).toMatchObject({ start: 100 + 256, end: 100 + 512 });
    expect(stored('attention.attention.value.bias')).toMatchObject({
      name: 'module.blocks.1.attn.qkv.bias[16:24]',
      shape: [8],
      start: 100 + 64,
      end: 100 + 96,
    });
    expect(stored('output.dense.weight')?.name).toBe('module.blocks.1.mlp.fc2.weight');
  });

  test('finds query and key in a fused tensor with strides', () => {
    const fused = { ...tensor('blocks.0.attn.qkv.weight', [24, 8]), strides: [1, 24], end: 4 * 192 };
    const theirs = toFacebookresearch(file(same).map((each) => ({ ...each, bytes: new Uint8Array() })))
      .map(({ name, shape }) => tensor(name, shape))
      .map((each) => (each.name === fused.name ? fused : each));
    expect(match(theirs).get('vit.encoder.layer.0.attention.attention.key.weight')?.stored).toMatchObject({
      shape: [8, 8],
      strides: [1, 24],
      start: 32,
      end: 32 + 4 * (1 + 7 + 7 * 24),
    });
  });

  test('knows which names are those of parameters', () => {
    for (const name of expectedTensors(SMALL).keys()) expect(isParameter(name)).toBe(true);
    for (const name of ['decoder.weight', 'vit.encoder.layer.x.output.dense.bias', 'vit.pooler.dense.bias']) {
      expect(isParameter(name)).toBe(false);
    }
  });

  test.each([
    ['net.', 'model_ema.module.'],
    ['', 'ema_model.'],
    ['student.', 'teacher.'],
  ])('takes what was trained, %j, and not its moving average, %j', (trained, average) => {
    const both = [average, trained].flatMap((prefix) => file((name) => prefix + name));
    for (const [name, { stored }] of match(both)) expect(stored?.name).toBe(trained + name);
    for (const [name, { stored }] of match(file((name) => average + name)))
      expect(stored?.name).toBe(average + name);
  });

  test('finds the encoder alone where that is needed, whatever it stands beside', () => {
    const encoder = (rename: (name: string) => string) =>
      file((name) => (name.startsWith('vit.') ? rename(name) : undefined));
    const names = [...expectedTensors(SMALL).keys()].filter((name) => name.startsWith('vit.'));
    const decoder = tensor('decoder.mask_token', [1, 1, 4]);
    for (const tensors of [
      encoder(same),
      [...encoder(same), tensor('classifier.weight', [10, 8]), tensor('classifier.bias', [10])],
      encoder((name) => name.replace('vit.', '')),
      [...encoder(same), decoder],
      file(same),
    ]) {
      const named = nameTensors(tensors, 'f', 'encoder');
      expect([...matchNamed(SMALL, named, 'f', 'config', 'encoder').keys()]).toEqual(names);
    }
    expect(() => nameTensors([decoder], 'f', 'encoder')).toThrow(/does not hold a ViTMAE model/);
    const cut = nameTensors(encoder(same).slice(0, -1), 'f', 'encoder');
    expect(() => matchNamed(SMALL, cut, 'f', 'config', 'encoder')).toThrow(/lacks 1 of the 38 tensors/);
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
    [
      'of the original authors',
      (name: string) => (/^vit\.(?!.*(?:key|value))/.test(name) ? facebookresearchName(name) : undefined),
    ],
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
        'it cannot reconstruct an image. Load the complete model (ViTMAEForPreTraining), for example ' +
        'facebook/vit-mae-base or mae_visualize_vit_base.pth.',
    });
  });

  test.each([
    ['classifier.weight', same],
    ['head.weight', facebookresearchName],
    ['module.fc_norm.weight', facebookresearchName],
  ])('a classifier, by its %s', (head, rename) => {
    const encoder = file((name) => (name.startsWith('vit.') ? rename(name) : undefined));
    const unique = [...new Map(encoder.map((each) => [each.name, each])).values()];
    expect(refusal([...unique, tensor(head, [1000, 8])])).toMatchObject({
      code: 'checkpoint-missing-tensor',
      message:
        `model.safetensors holds a Vision Transformer that names what is in an image (it has "${head}"). It has no ` +
        'decoder, which would paint the hidden patches, so it cannot reconstruct an image. Load a masked autoencoder, ' +
        'for example facebook/vit-mae-base or mae_visualize_vit_base.pth.',
    });
  });

  test('a fused tensor that cannot be cut', () => {
    const theirs = file((name) => facebookresearchName(name));
    const unique = [...new Map(theirs.map((each) => [each.name, each])).values()];
    expect(refusal(unique)).toMatchObject({
      code: 'checkpoint-wrong-shape',
      message:
        'The tensor "blocks.0.attn.qkv.weight" in model.safetensors has the shape [8, 8], and its rows cannot be shared ' +
        "out to 3 parameters. Check that the file is complete and a masked autoencoder's.",
    });
  });

  test('a model of language, whose layers have the same names', () => {
    const layers = file((name) => (/^vit\.encoder\./.test(name) ? name.slice(4) : undefined));
    expect(refusal(layers)).toMatchObject({
      message: expect.stringContaining('does not hold a ViTMAE model'),
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
      each.name === 'decoder.mask_token' ? tensor(each.name, each.shape, 'I64') : each,
    );
    expect(refusal(tensors)).toMatchObject({
      code: 'checkpoint-unsupported',
      message: expect.stringContaining('"decoder.mask_token" in model.safetensors is stored as I64'),
    });
  });

  test('two models of which none is the other’s average', () => {
    const both = ['net_a.', 'net_b.'].flatMap((prefix) => file((name) => prefix + name));
    expect(refusal(both)).toMatchObject({
      key: 'checkpoint-malformed/parameter-twice',
      message: expect.stringContaining(
        '"net_a.vit.embeddings.cls_token" and "net_b.vit.embeddings.cls_token"',
      ),
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
