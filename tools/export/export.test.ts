import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as native from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memorySource } from '../../src/checkpoint/bytes/bytes.ts';
import { openFromFiles } from '../../src/checkpoint/sources/files.ts';
import { lenKeep } from '../../src/mae/masking.ts';
import { goldenFiles } from '../../src/runtime/testing/golden-files.ts';
import { type GoldenCase, isPlain, readCase } from '../verify/case.ts';
import { compare } from '../verify/compare.ts';
import { writePortable } from './write-portable.ts';

const GOLDEN = new URL('../reference/golden/', import.meta.url);
const DIRECTORIES = ['patch4-16px', 'patch14', 'norm-pix-loss', 'no-qkv-bias', 'gelu-new', 'float16'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function exported(directory: string, weightType: 'float32' | 'float16') {
  const checkpoint = await openFromFiles(goldenFiles(directory));
  const out = path.join(folder, `${directory}-${weightType}`);
  await writePortable(checkpoint, out, { name: directory, weightType });
  return native.InferenceSession.create(path.join(out, 'model.onnx'));
}

async function golden(directory: string, name: string): Promise<GoldenCase> {
  const bytes = await readFile(new URL(`${directory}/cases/${name}.safetensors`, GOLDEN));
  return readCase(memorySource(name, new Uint8Array(bytes)));
}

async function run(session: native.InferenceSession, { tensors, maskRatio }: GoldenCase) {
  const input = (key: string) => {
    const values = tensors.get(key);
    if (values === undefined) throw new Error(`The case has no ${key}`);
    return new native.Tensor('float32', values.data as Float32Array, [...values.shape]);
  };
  const noise = input('noise');
  const keep = BigInt64Array.of(BigInt(lenKeep(noise.dims[1] ?? 0, maskRatio)));
  const feeds = {
    pixel_values: input('pixel_values'),
    noise,
    len_keep: new native.Tensor('int64', keep, [1]),
  };
  return session.run(feeds);
}

describe('the exported model holds the golden cases in plain onnxruntime', () => {
  test.each(DIRECTORIES)('%s', async (directory) => {
    const session = await exported(directory, 'float32');
    const cases = await readdir(new URL(`${directory}/cases/`, GOLDEN));
    let held = 0;
    let plain = 0;
    for (const name of cases.map((file) => file.replace('.safetensors', ''))) {
      const one = await golden(directory, name);
      // The exported model takes nothing else.
      if (!isPlain(one)) continue;
      plain += 1;
      const { tensors } = one;
      const outputs = await run(session, one);
      for (const key of ['loss', 'logits', 'mask', 'ids_restore', 'last_hidden_state']) {
        const expected = tensors.get(key);
        const actual = outputs[key];
        if (expected === undefined || actual === undefined) continue;
        const values = { shape: actual.dims, data: actual.data as Float32Array };
        expect(compare(key, expected, values, 1e-4), `${name} ${key}`).toMatchObject({ passed: true });
        held += 1;
      }
      if (!tensors.has('loss')) expect(outputs.loss?.data[0]).toBeNaN();
    }
    expect(held).toBeGreaterThanOrEqual(4 * Math.max(1, plain));
  });
});

test('with float16 weights it is half the size and differs by their rounding only', async () => {
  const one = await golden('patch14', 'ratio-0.75');
  const full = await run(await exported('patch14', 'float32'), one);
  const half = await run(await exported('patch14', 'float16'), one);
  const logits = [full, half].map((outputs) => outputs.logits?.data as Float32Array) as [
    Float32Array,
    Float32Array,
  ];
  const worst = logits[0].reduce(
    (max, value, i) => Math.max(max, Math.abs(value - (logits[1][i] ?? NaN))),
    0,
  );
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(0.05);
});
