/**
 * Runs without end must not cost memory without end. `npm run memory -- --endurance 1000` is the same for longer, and
 * prints the figures.
 */
import { expect, test } from '@playwright/test';
import { endure } from '../tools/memory/endurance.ts';

test('runs with changing ratios, images and models leave the heaps where they were', async () => {
  const request = { device: 'wasm', runsPerModel: 60, inWorkers: false } as const;
  const { before, after } = await endure(request, [120, 240]);
  // An image takes 0.5 MB, a model more: one that stayed for each change would show.
  expect(after.memory).toBeLessThan(before.memory + 2e6);
});

test('runs on WebGPU leave no buffer behind', async () => {
  // Both cores' work on the software adapter, and another test has one of them: 22 s alone, over 60 beside a busy one.
  test.setTimeout(180_000);
  const request = { device: 'webgpu', runsPerModel: 100, inWorkers: false } as const;
  const { before, after } = await endure(request, [20, 40]);
  expect(before.gpu.count).toBeGreaterThan(0);
  expect(after.gpu.count).toBeLessThanOrEqual(before.gpu.count);
  expect(after.gpu.bytes).toBeLessThanOrEqual(before.gpu.bytes);
  expect(after.memory).toBeLessThan(before.memory + 2e6);
});
