import { expect, test } from 'vitest';
import { randomMasking } from '../mae/masking.ts';
import { measured, RUN_MEASURE } from './engine-timing.ts';
import type { Reconstruction } from './model/predictions.ts';

const MASK = randomMasking([0.3, 0.1, 0.4, 0.2], 0.75);
const ANSWER: Reconstruction = {
  reconstruction: new Uint8ClampedArray(),
  loss: null,
  patchErrors: new Float32Array(),
  encoderMs: 2,
  decoderMs: 3,
};

test('a run is told to observers, and not kept', async () => {
  const seen = new Promise<PerformanceEntry[]>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      observer.disconnect();
      resolve(list.getEntriesByName(RUN_MEASURE));
    });
    observer.observe({ entryTypes: ['measure'] });
  });
  expect(await measured('reconstruct', MASK, async () => ANSWER)).toBe(ANSWER);
  expect(await seen).toMatchObject([{ detail: { kept: 1, encoderMs: 2, decoderMs: 3 } }]);
  expect(performance.getEntriesByName(RUN_MEASURE)).toEqual([]);
});

test('a run that fails is not measured', async () => {
  const error = new Error('lost');
  await expect(measured('reconstruct', MASK, () => Promise.reject(error))).rejects.toBe(error);
  expect(performance.getEntriesByName(RUN_MEASURE)).toEqual([]);
});
