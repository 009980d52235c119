import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SAVED } from '../../tools/reference/saved-model.ts';
import { torchRand } from '../mae/random.ts';
import { LensError, Tensor, ViTMAEConfig, ViTMAEForPreTraining, ViTMAEModel } from './index.ts';
import { countSessions } from './testing/counting-runtime.ts';

interface Loaded {
  readonly missing_keys: readonly string[];
  readonly unexpected_keys: readonly string[];
  readonly mismatched_keys: readonly string[];
}
interface Run extends Loaded {
  readonly loss: number;
  readonly logits: readonly number[];
  readonly mask: readonly number[];
}
/** What transformers said and computed when it loaded what the library had saved. */
const python = JSON.parse(
  readFileSync(new URL('../../tools/reference/fixtures/library.json', import.meta.url), 'utf8'),
) as Record<'random' | 'random-fp16', Run> & Record<'loaded' | 'loaded-fp16' | 'encoder', Loaded>;

countSessions();
const folder = mkdtempSync(join(tmpdir(), 'mae-lens-saved-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NOTHING = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] };
const config = () => new ViTMAEConfig(SAVED.config);

describe('what is saved', () => {
  test.each(['random', 'random-fp16'] as const)(
    '%s gives in transformers what it gives here',
    async (name) => {
      const expected = python[name];
      expect(expected).toMatchObject(NOTHING);
      const path = join(folder, name);
      const made = new ViTMAEForPreTraining(config(), { seed: SAVED.seed });
      await made.save_pretrained(path, { dtype: name === 'random' ? 'fp32' : 'fp16' });
      const model = await ViTMAEForPreTraining.from_pretrained(path);
      // torch.manual_seed(3); torch.rand(1, 2, 24, 24)
      const pixel_values = new Tensor('float32', torchRand(3, 2 * 24 * 24), [1, 2, 24, 24]);
      const { loss, logits, mask } = await model({ pixel_values, generator: { seed: 2 } });
      expect(loss?.item()).toBeCloseTo(expected.loss, 4);
      const corner = (logits.tolist() as number[][][])[0]?.slice(0, 3).flatMap((patch) => patch.slice(0, 3));
      for (const [i, value] of expected.logits.entries()) expect(corner?.[i]).toBeCloseTo(value, 4);
      expect([...(mask.data as Float32Array)]).toEqual(expected.mask);
      await model.dispose();
    },
  );

  test('is loaded by transformers without a missing or an unexpected key, the encoder but for its classifier', () => {
    expect(python.loaded).toEqual(NOTHING);
    expect(python['loaded-fp16']).toEqual(NOTHING);
    expect(python.encoder).toEqual({ ...NOTHING, missing_keys: ['classifier.bias', 'classifier.weight'] });
  });

  test('is the same for the same seed, another for another, and comes back bit for bit', async () => {
    const weights = async (seed: number) => {
      const [, file] = await new ViTMAEForPreTraining(config(), { seed }).save_pretrained();
      return Buffer.from(await (file as File).arrayBuffer());
    };
    const first = await weights(1);
    expect(first.equals(await weights(1))).toBe(true);
    expect(first.equals(await weights(2))).toBe(false);
    const files = await new ViTMAEForPreTraining(config(), { seed: 1 }).save_pretrained();
    const again = await ViTMAEForPreTraining.from_pretrained(files);
    const [json, file] = await again.save_pretrained();
    expect(Buffer.from(await (file as File).arrayBuffer()).equals(first)).toBe(true);
    expect(JSON.parse(await (json as File).text())).toMatchObject({ model_type: 'vit_mae', ...SAVED.config });
    await again.dispose();
  });

  test('as an encoder opens as an encoder alone', async () => {
    const files = await new ViTMAEForPreTraining(config(), { seed: 1 }).encoder.save_pretrained();
    const [whole, alone] = [
      new ViTMAEModel(config(), { seed: 1 }),
      await ViTMAEModel.from_pretrained(files, { mask_ratio: 0.5 }),
    ];
    const inputs = {
      pixel_values: new Tensor('float32', torchRand(3, 1152), [1, 2, 24, 24]),
      generator: { seed: 2 },
    };
    expect((await alone(inputs)).last_hidden_state.data).toEqual(
      (await whole(inputs)).last_hidden_state.data,
    );
    await expect(ViTMAEForPreTraining.from_pretrained(files)).rejects.toBeInstanceOf(LensError);
    await whole.dispose();
    await alone.dispose();
  });

  test('keeps what calls return where they do not say', async () => {
    const made = new ViTMAEForPreTraining(config(), { seed: 1 });
    made.config.output_attentions = true;
    const model = await ViTMAEForPreTraining.from_pretrained(await made.save_pretrained());
    expect(model.config).toMatchObject({ output_attentions: true, output_hidden_states: false });
    await model.dispose();
  });

  test('may replace the very files that it is read from', async () => {
    const path = join(folder, 'twice');
    await new ViTMAEForPreTraining(config(), { seed: 1 }).save_pretrained(path);
    const before = readFileSync(join(path, 'model.safetensors'));
    const model = await ViTMAEForPreTraining.from_pretrained(path);
    await model.save_pretrained(path);
    expect(readFileSync(join(path, 'model.safetensors')).equals(before)).toBe(true);
    await model.dispose();
  });
});
