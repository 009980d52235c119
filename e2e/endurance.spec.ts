/**
 * Runs without end must not cost memory without end. `npm run memory -- --endurance 1000` is the same for longer, and
 * prints the figures.
 */
import { expect, test } from '@playwright/test';
import { endure } from '../tools/memory/endurance.ts';

test('runs with changing ratios, pictures and models leave the heaps where they were', async () => {
  test.setTimeout(120_000);
  const { before, after } = await endure({ device: 'wasm', warmUp: 60, runs: 120, runsPerModel: 60 });
  // Two models of 0.3 MB, and pictures of 0.5 MB: one that stayed for each change would show.
  expect(after.memory).toBeLessThan(before.memory + 2e6);
});

test('runs on WebGPU leave no buffer behind', async () => {
  test.setTimeout(120_000);
  const { before, after } = await endure({ device: 'webgpu', warmUp: 20, runs: 40, runsPerModel: 100 });
  expect(before.gpuBuffers).toBeGreaterThan(0);
  expect(after.gpuBuffers).toBeLessThanOrEqual(before.gpuBuffers);
  expect(after.gpuBytes).toBeLessThanOrEqual(before.gpuBytes);
});
