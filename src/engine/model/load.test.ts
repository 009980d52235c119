import { expect, test } from 'vitest';
import { maskFromIds, randomMasking } from '../../mae/masking.ts';
import { goldenCase, goldenFiles } from '../../runtime/testing/golden-files.ts';
import { loadNodeRuntime } from '../../runtime/testing/node-runtime.ts';
import type { ModelPhase } from '../engine.ts';
import { loadModel } from './load.ts';

const load = (onPhase: (phase: ModelPhase) => void = () => undefined, signal?: AbortSignal) =>
  loadModel(
    { kind: 'files', name: 'tiny', files: goldenFiles('patch16-64px') },
    { device: 'wasm', loadRuntime: loadNodeRuntime, onPhase, ...(signal === undefined ? {} : { signal }) },
  );

async function golden() {
  const tensors = await goldenCase('patch16-64px', 'ratio-0.75');
  const [pixelValues, noise, loss] = ['pixel_values', 'noise', 'loss'].map((name) => tensors.get(name));
  if (pixelValues === undefined || noise === undefined || loss === undefined)
    throw new Error('incomplete case');
  return { pixelValues, masking: randomMasking(noise, 0.75), loss: loss[0] as number };
}

test('loads, says each phase once or more in order, and paints with the loss of the reference', async () => {
  const phases: ModelPhase[] = [];
  const model = await load((phase) => phases.push(phase));
  const order = phases.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);
  expect(order).toEqual(['compiling', 'warming-up']);
  expect(model.info).toMatchObject({ name: 'tiny', device: { kind: 'wasm', attention: 'fused' } });

  const { pixelValues, masking, loss } = await golden();
  const result = await model.calls.reconstruct(pixelValues, masking);
  expect(result.loss).toBeCloseTo(loss, 5);
  expect(result.reconstruction).toHaveLength(64 * 64 * 3);
  await model.dispose();
});

test('what is painted depends on what is visible', async () => {
  const model = await load();
  const { pixelValues } = await golden();
  const few = await model.calls.reconstruct(pixelValues, maskFromIds([0, 5], 16));
  const again = await model.calls.reconstruct(pixelValues, maskFromIds([0, 5], 16));
  const others = await model.calls.reconstruct(pixelValues, maskFromIds([0, 6], 16));
  expect(again.reconstruction).toEqual(few.reconstruction);
  expect(others.reconstruction).not.toEqual(few.reconstruction);
  await model.dispose();
});

test('a batch gives for each mask what it gives alone', async () => {
  const model = await load();
  const { pixelValues } = await golden();
  const masks = [maskFromIds([0, 5, 9], 16), maskFromIds([3, 6, 15], 16), maskFromIds([15, 1, 2], 16)];
  const { predictions } = await model.calls.predict(pixelValues, masks);
  expect(predictions).toHaveLength(3);
  for (const [i, mask] of masks.entries()) {
    const { predictions: alone } = await model.calls.predict(pixelValues, [mask]);
    const [batched, single] = [predictions[i], alone[0]];
    if (batched === undefined || single === undefined) throw new Error('a prediction is missing');
    expect(batched.loss).toBeCloseTo(single.loss ?? Number.NaN, 5);
    expect(largestDifference(batched.patches, single.patches)).toBeLessThan(1e-5);
    expect(largestDifference(batched.patchErrors, single.patchErrors)).toBeLessThan(1e-5);
  }
  await model.dispose();
});

test('a batch takes masks that keep equally many patches, and no others', async () => {
  const model = await load();
  const { pixelValues } = await golden();
  const masks = [maskFromIds([0, 5, 9], 16), maskFromIds([3, 6], 16)];
  await expect(model.calls.predict(pixelValues, masks)).rejects.toMatchObject({ code: 'mask-invalid' });
  await expect(model.calls.predict(pixelValues, [])).rejects.toMatchObject({ code: 'mask-invalid' });
  await model.dispose();
});

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (expected[i] as number))), 0);
}

test('at the ends: nothing masked has no loss, everything masked leaves the CLS token alone', async () => {
  const model = await load();
  const { pixelValues } = await golden();
  const noise = Float32Array.from({ length: 16 }, (_, i) => i / 16);
  expect(await model.calls.reconstruct(pixelValues, randomMasking(noise, 0))).toMatchObject({ loss: null });
  const blind = await model.calls.reconstruct(pixelValues, randomMasking(noise, 1));
  expect(blind.loss).toBeGreaterThan(0);
  await model.dispose();
});

test('a cancelled load stops', async () => {
  const abort = new AbortController();
  const loading = load(({ phase }) => {
    if (phase === 'compiling') abort.abort();
  }, abort.signal);
  await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
});
