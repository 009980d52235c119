import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { graphOptionsFor } from '../../runtime/device/backend.ts';
import { loadNodeRuntime } from '../../runtime/testing/node-runtime.ts';
import { ViTMAEForPreTraining } from '../../vitmae/modeling.ts';
import { memorySource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { openFromFiles } from '../sources/files.ts';
import { valueCount } from '../tensors/strided.ts';
import { readFloat32 } from '../tensors/tensors.ts';
import { readSafetensorsHeader } from './safetensors.ts';

const REFERENCE = new URL('../../../tools/reference/', import.meta.url);
const FORMATS = new URL('formats/', REFERENCE);
const CASE = 'cases/ratio-0.75.safetensors';

const bytesOf = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const fileOf = (folder: URL, name: string) => new File([bytesOf(folder, name)], name);

/** What the real libraries wrote under a format's name, and the golden directory with the same weights. */
function formatFiles(name: string): { readonly files: readonly File[]; readonly golden: string | null } {
  const folder = new URL(`${name}/`, FORMATS);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'golden.json')
    .map((entry) => fileOf(folder, entry.name));
  const { golden } = JSON.parse(new TextDecoder().decode(bytesOf(folder, 'golden.json')));
  return { files, golden };
}

const goldenFolder = (name: string) => new URL(`golden/${name}/`, REFERENCE);
const configOf = (golden: string) => fileOf(goldenFolder(golden), 'config.json');

async function values(checkpoint: Checkpoint, name: string): Promise<Uint32Array> {
  const into = new Float32Array(valueCount(checkpoint.tensors.get(name)?.shape ?? [0]));
  await checkpoint.readFloat32(name, into);
  return new Uint32Array(into.buffer);
}

async function caseTensors(folder: URL): Promise<ReadonlyMap<string, Float32Array>> {
  const { tensors } = await readSafetensorsHeader(memorySource(CASE, bytesOf(folder, CASE)));
  const read = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) {
    if (tensor.dtype !== 'F32') continue;
    const into = new Float32Array(valueCount(tensor.shape));
    await readFloat32(tensor, into);
    read.set(name, into);
  }
  return read;
}

const models: ViTMAEForPreTraining[] = [];
afterAll(async () => {
  for (const model of models) await model.dispose();
});

/** Holds the case against the model: tolerance 1e-4 + 1e-4 · |expected|, as npm run verify does. */
async function expectCase(checkpoint: Checkpoint, folder: URL): Promise<void> {
  const ort = await loadNodeRuntime('wasm');
  const model = await ViTMAEForPreTraining.from_pretrained(checkpoint, {
    backend: { kind: 'wasm', ort },
    graphOptions: graphOptionsFor('wasm', 'fp32'),
  });
  models.push(model);
  const expected = await caseTensors(folder);
  const { image_size: size } = checkpoint.config;
  const [pixels, noise] = [expected.get('pixel_values'), expected.get('noise')];
  if (pixels === undefined || noise === undefined) throw new Error('incomplete case');
  const batch = pixels.length / (3 * size ** 2);
  const output = await model.call({
    pixel_values: new ort.Tensor('float32', pixels, [batch, 3, size, size]),
    noise: new ort.Tensor('float32', noise, [batch, noise.length / batch]),
    mask_ratio: 0.75,
  });
  for (const [name, actual] of [
    ['logits', output.logits.data as Float32Array],
    ['last_hidden_state', output.last_hidden_state.data as Float32Array],
    ['loss', Float32Array.of(output.loss ?? Number.NaN)],
  ] as const) {
    const wanted = expected.get(name);
    expect(actual).toHaveLength(wanted?.length ?? 0);
    wanted?.forEach((value, i) => {
      const difference = Math.abs((actual[i] as number) - value);
      if (!(difference <= 1e-4 + 1e-4 * Math.abs(value))) {
        expect.fail(`${name}[${i}] is ${actual[i]} instead of ${value}`);
      }
    });
  }
}

describe('a checkpoint of the real libraries', () => {
  const names = readdirSync(FORMATS);

  test.each(names)(
    '%s has the weights of its golden directory, bit for bit, and paints as it does',
    async (name) => {
      const { files, golden } = formatFiles(name);
      if (golden === null) return;
      const folder = goldenFolder(golden);
      const wanted = await openFromFiles([configOf(golden), fileOf(folder, 'model.safetensors')]);
      for (const order of [[...files, configOf(golden)], [configOf(golden), ...files].reverse()]) {
        const checkpoint = await openFromFiles(order);
        expect(checkpoint.config).toEqual(wanted.config);
        expect(checkpoint.assumptions).toBeUndefined();
        expect([...checkpoint.tensors.keys()]).toEqual([...wanted.tensors.keys()]);
        for (const parameter of wanted.tensors.keys()) {
          expect(await values(checkpoint, parameter), parameter).toEqual(await values(wanted, parameter));
        }
        expect(checkpoint).toMatchObject({ parameters: wanted.parameters, bytes: wanted.bytes });
      }
      await expectCase(await openFromFiles([...files, configOf(golden)]), folder);
    },
  );

  test('each kind is there', () => {
    expect(names.sort()).toEqual([
      'authors',
      'authors-inferred',
      'authors-training',
      'bin',
      'bin-bfloat16',
      'bin-float16',
      'bin-sharded',
      'transformers-5',
      'views',
    ]);
  });

  test('a file of the authors needs no config.json', async () => {
    const { files } = formatFiles('authors-inferred');
    const checkpoint = await openFromFiles(files);
    expect(checkpoint.config).toEqual<ViTMAEConfig>({
      hidden_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 1,
      intermediate_size: 16,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0,
      attention_probs_dropout_prob: 0,
      initializer_range: 0.02,
      layer_norm_eps: 1e-6,
      image_size: 16,
      patch_size: 4,
      num_channels: 3,
      qkv_bias: true,
      decoder_num_attention_heads: 2,
      decoder_hidden_size: 64,
      decoder_num_hidden_layers: 1,
      decoder_intermediate_size: 24,
      mask_ratio: 0.75,
      norm_pix_loss: true,
    });
    expect(checkpoint.assumptions).toBe(
      'mae_pretrain_vit_tiny_full.pth came without a config.json. Most of it is in the shapes; assumed are the numbers ' +
        'of attention heads (1 in the encoder, 2 in the decoder), a LayerNorm epsilon of 1e-6, gelu, and normalised pixels.',
    );
    await expectCase(checkpoint, new URL('authors-inferred/', FORMATS));
  });

  test('views report their values, not the memory that they lie in', async () => {
    const { files, golden } = formatFiles('views');
    const checkpoint = await openFromFiles([...files, configOf(golden ?? '')]);
    const tensors = [...checkpoint.tensors.values()];
    expect(tensors.filter(({ stored }) => stored?.strides !== undefined).length).toBeGreaterThan(10);
    expect(tensors.every(({ stored }) => stored !== null)).toBe(true);
    expect(checkpoint.bytes).toBe(4 * checkpoint.parameters);
  });
});
