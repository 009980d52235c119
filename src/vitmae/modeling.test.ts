import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCase } from '../../tools/verify/case.ts';
import { compare } from '../../tools/verify/compare.ts';
import { memorySource } from '../checkpoint/bytes/bytes.ts';
import { torchRand } from '../mae/random.ts';
import { ViTMAEConfig } from './configuration.ts';
import { Tensor, TFViTMAEForPreTraining, ViTMAEForPreTraining, ViTMAEModel } from './index.ts';
import type { ViTMAEInputs } from './inputs.ts';
import { countSessions } from './testing/counting-runtime.ts';

const GOLDEN = fileURLToPath(new URL('../../tools/reference/golden/patch4-16px', import.meta.url));
const sessions = countSessions();

const SMALL = {
  image_size: [16, 24],
  patch_size: 8,
  num_channels: 1,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 16,
  decoder_hidden_size: 8,
  decoder_num_hidden_layers: 1,
  decoder_num_attention_heads: 2,
  decoder_intermediate_size: 8,
  mask_ratio: 0.5,
} as const;

function small(values: object = {}): ViTMAEConfig {
  return new ViTMAEConfig({ ...SMALL, ...values });
}

function pixels(batch = 1, height = 16, width = 24): Tensor {
  const values = torchRand(1, batch * height * width);
  return new Tensor('float32', values, [batch, 1, height, width]);
}

async function golden(name: string) {
  const bytes = new Uint8Array(readFileSync(`${GOLDEN}/cases/${name}.safetensors`));
  return readCase(memorySource(name, bytes));
}

describe('the documented call', () => {
  let model: ViTMAEForPreTraining;
  beforeAll(async () => {
    model = await ViTMAEForPreTraining.from_pretrained(GOLDEN, { device: 'wasm' });
  });
  afterAll(() => model.dispose());

  test.each(['ratio-0.75', 'head-mask-layers', 'ratio-1'])(
    'gives the reference’s numbers: %s',
    async (name) => {
      const { tensors, maskRatio } = await golden(name);
      const input = (key: string) => {
        const found = tensors.get(key);
        return found && new Tensor('float32', found.data as Float32Array, [...found.shape]);
      };
      model.config.mask_ratio = maskRatio;
      const output = await model({
        pixel_values: input('pixel_values') as Tensor,
        noise: input('noise') ?? null,
        head_mask: input('head_mask') ?? null,
        output_attentions: true,
        output_hidden_states: true,
      });
      const { hidden_states = [], attentions = [], ...others } = output;
      const all = new Map<string, Tensor | null>([
        ...Object.entries(others),
        ...hidden_states.map((tensor, i) => [`hidden_states.${i}`, tensor] as const),
        ...attentions.map((tensor, i) => [`attentions.${i}`, tensor] as const),
      ]);
      const wanted = [...tensors].filter(([key]) => all.has(key));
      expect(wanted.length).toBeGreaterThan(3);
      for (const [key, expected] of wanted) {
        const { dims, data } = all.get(key) as Tensor;
        expect(compare(key, expected, { shape: dims, data: data as Float32Array }, 1e-4)).toMatchObject({
          name: key,
          passed: true,
        });
      }
    },
  );

  test('draws the noise of a generator, and at random without one', async () => {
    const { tensors } = await golden('ratio-0.75');
    const { shape, data } = tensors.get('pixel_values') ?? { shape: [], data: [] };
    const pixel_values = new Tensor('float32', data as Float32Array, [...shape]);
    const patches = shape[0] === undefined ? 0 : shape[0] * 16;
    const ids = async (inputs: Partial<ViTMAEInputs>) =>
      [...((await model({ pixel_values, ...inputs })).ids_restore.data as BigInt64Array)].join();
    const noise = new Tensor('float32', torchRand(5, patches), [shape[0] ?? 0, 16]);
    expect(await ids({ generator: { seed: 5 } })).toBe(await ids({ noise }));
    expect(await ids({ generator: { seed: 5, library: 'numpy' } })).not.toBe(await ids({ noise }));
    expect(await ids({})).not.toBe(await ids({}));
  });
});

describe('what counts where the call says nothing', () => {
  test('is the config, and return_dict: false gives the documented order', async () => {
    const model = new ViTMAEForPreTraining(small({ output_hidden_states: true }), { seed: 1 });
    const call = { pixel_values: pixels(), generator: { seed: 3 } };
    const output = await model(call);
    expect(output.hidden_states).toHaveLength(3);
    expect(output).not.toHaveProperty('attentions');
    model.config.output_hidden_states = false;
    model.config.mask_ratio = 1;
    const tuple = await model({ ...call, output_attentions: true, return_dict: false });
    expect(tuple).toHaveLength(5);
    const [loss, logits, mask, ids, attentions] = tuple;
    expect(loss?.dims).toEqual([]);
    expect([logits.dims, mask.dims, ids.dims]).toEqual([
      [1, 6, 64],
      [1, 6],
      [1, 6],
    ]);
    expect([...(mask.data as Float32Array)]).toEqual([1, 1, 1, 1, 1, 1]);
    expect(attentions?.map(({ dims }) => dims)).toEqual([
      [1, 2, 1, 1],
      [1, 2, 1, 1],
    ]);
    model.config.mask_ratio = 0;
    expect((await model(call)).loss).toBeNull();
    await model.dispose();
  });

  test('eager and sdpa agree, and so do a batch and its images', async () => {
    const inputs = { pixel_values: pixels(2), generator: { seed: 3 } };
    const outputs: Float32Array[] = [];
    for (const attn_implementation of ['sdpa', 'eager'] as const) {
      const model = new ViTMAEModel(small(), { seed: 1, attn_implementation });
      outputs.push((await model(inputs)).last_hidden_state.data as Float32Array);
      await model.dispose();
    }
    const [sdpa, eager] = outputs as [Float32Array, Float32Array];
    for (const [i, value] of sdpa.entries()) expect(eager[i]).toBeCloseTo(value, 5);
  });

  test('other sizes, as the reference interpolates and in two dimensions', async () => {
    const model = new ViTMAEForPreTraining(small(), { seed: 1 });
    const inputs = { pixel_values: pixels(1, 32, 24), generator: { seed: 3 } };
    const run = async (interpolate_pos_encoding: true | '2d') =>
      (await model({ ...inputs, interpolate_pos_encoding })).logits;
    const [reference, twoDimensional] = [await run(true), await run('2d')];
    expect(reference.dims).toEqual([1, 12, 64]);
    expect(twoDimensional.data).not.toEqual(reference.data);
    expect(model.unpatchify(reference, [32, 24]).dims).toEqual([1, 1, 32, 24]);
    await model.dispose();
  });
});

describe('TensorFlow', () => {
  test('has its own loss, takes training, and refuses a head_mask', async () => {
    const config = small({ norm_pix_loss: true });
    const [torch, tensorflow] = [
      new ViTMAEForPreTraining(config, { seed: 1 }),
      new TFViTMAEForPreTraining(config, { seed: 1 }),
    ];
    const inputs = { pixel_values: pixels(), generator: { seed: 3 } };
    const { loss } = await tensorflow({ ...inputs, training: true });
    expect(loss?.dims).toEqual([1]);
    // The variance over 64 values is smaller by 1/64 of it, so the target is larger.
    expect(loss?.item()).toBeGreaterThan((await torch(inputs)).loss?.item() as number);
    const head_mask = new Tensor('float32', new Float32Array(2), [2]);
    await expect(tensorflow({ ...inputs, head_mask })).rejects.toThrow('NotImplementedError');
    await torch.dispose();
    await tensorflow.dispose();
  });
});

describe('patchify and unpatchify', () => {
  test('undo each other on any grid', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (rows, columns, batch) => {
          const model = new ViTMAEForPreTraining(small());
          const image = pixels(batch, rows * 8, columns * 8);
          const patches = model.patchify(image, true);
          expect(patches.dims).toEqual([batch, rows * columns, 64]);
          expect(model.unpatchify(patches, [rows * 8, columns * 8]).data).toEqual(image.data);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('bad input', () => {
  const model = new ViTMAEForPreTraining(small());
  afterAll(() => model.dispose());
  const floats = (...dims: number[]) =>
    new Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
  const wrong: readonly (readonly [string, object | undefined, string, RegExp])[] = [
    ['nothing', undefined, 'argument-invalid', /needs pixel_values/],
    [
      'an unknown argument',
      { pixel_values: pixels(), masks: 1 },
      'argument-invalid',
      /no "masks"\. It takes pixel_values, noise/,
    ],
    ['no tensor', { pixel_values: [1] }, 'argument-invalid', /expected is a Tensor/],
    [
      'another size',
      { pixel_values: pixels(1, 24, 24) },
      'argument-invalid',
      /\[1, 1, 24, 24\]; expected is float32 \[batch, 1, 16, 24\]/,
    ],
    [
      'other channels',
      { pixel_values: floats(1, 3, 16, 24) },
      'argument-invalid',
      /expected is float32 \[batch, 1/,
    ],
    [
      'another dtype',
      { pixel_values: new Tensor('int32', new Int32Array(384), [1, 1, 16, 24]) },
      'argument-invalid',
      /int32/,
    ],
    [
      'no whole patches',
      { pixel_values: pixels(1, 20, 24), interpolate_pos_encoding: true },
      'argument-invalid',
      /20 x 24 pixels cannot be cut into patches of 8/,
    ],
    [
      'short noise',
      { pixel_values: pixels(2), noise: floats(2, 5) },
      'mask-invalid',
      /noise must be \[2, 6\]/,
    ],
    [
      'noise of one row',
      { pixel_values: pixels(), noise: floats(6) },
      'mask-invalid',
      /noise must be \[1, 6\]/,
    ],
    [
      'head_mask of another size',
      { pixel_values: pixels(), head_mask: floats(3) },
      'mask-invalid',
      /\[2\] or \[2, 2\]/,
    ],
    [
      'head_mask above 1',
      { pixel_values: pixels(), head_mask: new Tensor('float32', Float32Array.of(0, 1.5), [2]) },
      'argument-invalid',
      /head_mask holds 1.5/,
    ],
    [
      'head_mask NaN',
      { pixel_values: pixels(), head_mask: new Tensor('float32', Float32Array.of(0, Number.NaN), [2]) },
      'argument-invalid',
      /holds NaN/,
    ],
    [
      'a word for a boolean',
      { pixel_values: pixels(), output_attentions: 'yes' },
      'argument-invalid',
      /true or false/,
    ],
    [
      'another library’s generator',
      { pixel_values: pixels(), generator: { seed: 1, library: 'jax' } },
      'argument-invalid',
      /"torch", "numpy"/,
    ],
    [
      'a seed that is none',
      { pixel_values: pixels(), generator: { seed: 1.5 } },
      'seed-invalid',
      /whole numbers/,
    ],
  ];

  test.each(wrong)('%s', async (_, inputs, code, sentence) => {
    await expect(model(inputs as ViTMAEInputs)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(sentence),
    });
  });

  test('options and configs', async () => {
    expect(() => new ViTMAEConfig({ hidden_sise: 3 } as object)).toThrow(/no "hidden_sise"/);
    expect(() => new ViTMAEConfig({ hidden_size: 10, num_attention_heads: 3 })).toThrow(/not a multiple/);
    expect(() => {
      small().mask_ratio = 1.5;
    }).toThrow(/1\.5/);
    expect(() => new ViTMAEForPreTraining(small(), { dtype: 'int4' } as object)).toThrow(
      /auto, fp32, fp16, q8/,
    );
    await expect(ViTMAEForPreTraining.from_pretrained(GOLDEN, { devise: 'wasm' } as object)).rejects.toThrow(
      /no "devise"/,
    );
    await expect(ViTMAEForPreTraining.from_pretrained('./nowhere')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(ViTMAEForPreTraining.from_pretrained(3 as never)).rejects.toMatchObject({
      code: 'argument-invalid',
    });
  });
});

describe('nothing stays allocated', () => {
  beforeEach(() => {
    sessions.made = 0;
    sessions.beforeMaking = () => undefined;
  });

  test('after dispose, and a disposed model says so', async () => {
    const before = sessions.alive;
    const model = await ViTMAEForPreTraining.from_pretrained(GOLDEN);
    expect(sessions.alive).toBeGreaterThan(before);
    await model.dispose();
    await model.dispose();
    expect(sessions.alive).toBe(before);
    await expect(model({ pixel_values: pixels() })).rejects.toThrow(/disposed of/);
  });

  test('when a session cannot be made, and the next try works', async () => {
    const before = sessions.alive;
    sessions.beforeMaking = (number) => {
      if (number === 2) throw new Error('no more');
    };
    await expect(ViTMAEForPreTraining.from_pretrained(GOLDEN)).rejects.toMatchObject({
      code: 'engine-failed',
    });
    expect(sessions.alive).toBe(before);
    const model = new ViTMAEForPreTraining(small());
    sessions.made = 0;
    await expect(model({ pixel_values: pixels() })).rejects.toMatchObject({ code: 'engine-failed' });
    expect((await model({ pixel_values: pixels() })).logits.dims).toEqual([1, 6, 64]);
    await model.dispose();
    expect(sessions.alive).toBe(before);
  });

  test('when it is aborted at any moment', async () => {
    const before = sessions.alive;
    for (const moment of [0, 1, 2]) {
      const abort = new AbortController();
      sessions.made = 0;
      sessions.beforeMaking = (number) => {
        if (number === moment) abort.abort();
      };
      if (moment === 0) abort.abort();
      await expect(
        ViTMAEForPreTraining.from_pretrained(GOLDEN, { signal: abort.signal }),
      ).rejects.toMatchObject({ code: 'cancelled' });
      expect(sessions.alive).toBe(before);
    }
  });
});
