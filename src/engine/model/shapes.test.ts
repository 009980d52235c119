import { expect, test } from 'vitest';
import { type Geometry, geometryOf, imageSize } from '../../mae/geometry.ts';
import { randomMasking } from '../../mae/masking.ts';
import { patchify, unpatchify } from '../../mae/patches.ts';
import { goldenCase, goldenFiles } from '../../runtime/testing/golden-files.ts';
import { loadNodeRuntime } from '../../runtime/testing/node-runtime.ts';
import { loadModel } from './load.ts';

/** A golden checkpoint whose config says another image; the weights, and so the number of patches, stay. */
async function load(directory: string, change: Record<string, unknown> = {}) {
  const [config, ...others] = goldenFiles(directory);
  const json = { ...JSON.parse((await config?.text()) ?? '{}'), ...change };
  const files = [new File([JSON.stringify(json)], 'config.json'), ...others];
  return loadModel(
    { kind: 'files', name: directory, files },
    { device: 'wasm', loadRuntime: loadNodeRuntime, onPhase: () => undefined },
  );
}

async function golden(directory: string, name: string, maskRatio: number) {
  const tensors = await goldenCase(directory, name);
  const [pixelValues, noise, logits] = ['pixel_values', 'noise', 'logits'].map((key) => tensors.get(key));
  if (pixelValues === undefined || noise === undefined || logits === undefined)
    throw new Error('incomplete case');
  return { pixelValues, logits, masking: randomMasking(noise, maskRatio), loss: tensors.get('loss')?.[0] };
}

function expectClose(actual: Float32Array | undefined, expected: Float32Array): void {
  expect(actual?.length).toBe(expected.length);
  const most = expected.reduce(
    (m, value, i) => Math.max(m, Math.abs(value - (actual?.[i] ?? Number.NaN))),
    0,
  );
  expect(most).toBeLessThan(1e-4);
}

test('one channel and three by three patches: the reference’s numbers, shown as grey', async () => {
  const model = await load('grey-3x3');
  const { pixelValues, logits, masking, loss } = await golden('grey-3x3', 'ratio-0.75', 0.75);
  const { predictions } = await model.calls.predict(pixelValues, [masking]);
  expectClose(predictions[0]?.patches, logits);
  expect(predictions[0]?.loss).toBeCloseTo(loss ?? Number.NaN, 5);
  const { reconstruction } = await model.calls.reconstruct(pixelValues, masking);
  expect(reconstruction).toHaveLength(12 * 12 * 3);
  expect(reconstruction.every((value, i) => value === reconstruction[i - (i % 3)])).toBe(true);
  await model.dispose();
});

test.each([
  [4, 36],
  [36, 4],
])('the same patches in an image of %d x %d pixels give the same numbers', async (height, width) => {
  const model = await load('grey-3x3', { image_size: [height, width] });
  const square: Geometry = { grid: { rows: 3, columns: 3 }, patchSize: 4, channels: 1 };
  const oblong = geometryOf(model.info.config);
  expect(imageSize(oblong)).toEqual({ height, width });
  const { pixelValues, logits, masking, loss } = await golden('grey-3x3', 'ratio-0.75', 0.75);
  const { predictions } = await model.calls.predict(unpatchify(patchify(pixelValues, square), oblong), [
    masking,
  ]);
  expectClose(predictions[0]?.patches, logits);
  expect(predictions[0]?.loss).toBeCloseTo(loss ?? Number.NaN, 5);
  await model.dispose();
});

test('what images are normalised with is told where it was assumed', async () => {
  const stated = await load('channels-4');
  expect(stated.info.assumptions).toBeUndefined();
  expect(stated.info.preprocessor.image_mean).toEqual([0.485, 0.456, 0.406, 0.5]);
  await stated.dispose();
  const [config, , weights] = goldenFiles('channels-4');
  const model = await loadModel(
    { kind: 'files', name: 'x', files: [config, weights].filter((file) => file !== undefined) },
    { device: 'wasm', loadRuntime: loadNodeRuntime, onPhase: () => undefined },
  );
  expect(model.info.assumptions).toContain('images of 4 channels');
  await model.dispose();
});
