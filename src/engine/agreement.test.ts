import { expect, test } from 'vitest';
import { maskFromIds } from '../mae/masking.ts';
import { goldenCase, goldenFiles } from '../runtime/testing/golden-files.ts';
import { loadNodeRuntime } from '../runtime/testing/node-runtime.ts';
import { holdAgainst } from './agreement.ts';
import { type LoadedModel, loadModel } from './model/load.ts';
import type { Reconstruction } from './model/predictions.ts';

const masks = [maskFromIds([0, 5, 9], 16), maskFromIds([3, 6, 15], 16)];

function painting(levels: readonly number[], loss: number | null): Pick<LoadedModel, 'calls' | 'info'> {
  let run = 0;
  return {
    info: { device: { dtype: 'q8' } } as LoadedModel['info'],
    calls: {
      predict: () => Promise.reject(new Error('Nobody asks for it.')),
      reconstruct: async (): Promise<Reconstruction> => ({
        reconstruction: new Uint8ClampedArray(12).fill(levels[run++] ?? 0),
        loss,
        patchErrors: new Float32Array(16),
        encoderMs: 1,
        decoderMs: 1,
      }),
    },
  };
}

test('gives the worst and the mean PSNR, and the largest difference of the loss', async () => {
  const exact = painting([100, 100], 0.5);
  const agreement = await holdAgainst(exact, painting([101, 110], 0.45), new Float32Array(), masks);
  expect(agreement).toMatchObject({ dtype: 'q8', runs: 2 });
  expect(agreement.lowestPsnr).toBeCloseTo(20 * Math.log10(255 / 10), 9);
  expect(agreement.meanPsnr).toBeCloseTo((20 * Math.log10(255) + 20 * Math.log10(255 / 10)) / 2, 9);
  expect(agreement.lossDifference).toBeCloseTo(0.05, 9);
});

test('equal models are infinitely close, and a loss that is missing is not compared', async () => {
  const agreement = await holdAgainst(
    painting([7, 7], null),
    painting([7, 7], null),
    new Float32Array(),
    masks,
  );
  expect(agreement).toMatchObject({ lowestPsnr: Number.POSITIVE_INFINITY, lossDifference: null });
});

test('stops when it is cancelled', async () => {
  const asked = new AbortController();
  const runs: number[] = [];
  const comparison = holdAgainst(painting([1], 1), painting([1], 1), new Float32Array(), masks, {
    signal: asked.signal,
    onRun(run) {
      runs.push(run);
      asked.abort();
    },
  });
  await expect(comparison).rejects.toMatchObject({ code: 'cancelled' });
  expect(runs).toEqual([0]);
});

test('a golden checkpoint in int8 comes close to itself in float32', async () => {
  const load = (dtype: 'fp32' | 'q8') =>
    loadModel(
      { kind: 'files', name: 'tiny', files: goldenFiles('length-196') },
      { device: 'wasm', dtype, loadRuntime: loadNodeRuntime, onPhase: () => undefined },
    );
  const pixelValues = (await goldenCase('length-196', 'ratio-0.75')).get('pixel_values');
  if (pixelValues === undefined) throw new Error('incomplete case');
  const [exact, rounded] = [await load('fp32'), await load('q8')];
  const kept = maskFromIds(
    Int32Array.from({ length: 49 }, (_, i) => 4 * i),
    196,
  );
  const agreement = await holdAgainst(exact, rounded, pixelValues, [kept]);
  expect(rounded.info.device.dtype).toBe('q8');
  expect(agreement.lowestPsnr).toBeGreaterThan(35);
  expect(agreement.lowestPsnr).toBeLessThan(80);
  await exact.dispose();
  await rounded.dispose();
});
