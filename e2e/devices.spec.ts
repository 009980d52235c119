/** The same image on both devices. WebGPU is Chromium's software adapter here, so this is slow, and it is true. */
import { expect, test } from './fixtures.ts';
import { largestDifference } from './lens-page.ts';

test('WebAssembly and WebGPU paint the same', async ({ lens }) => {
  test.setTimeout(240_000);
  await lens.open();
  await lens.firstImage();
  await lens.exactPanels();
  await lens.chooseDevice('WebAssembly');
  await expect(lens.facts).toContainText('WebAssembly');
  await lens.painted();
  const onWasm = await lens.pixels('reconstruction');

  await lens.chooseDevice('WebGPU');
  await expect(lens.facts).toContainText('WebGPU', { timeout: 120_000 });
  await lens.painted();
  const onWebGpu = await lens.pixels('reconstruction');

  // Two orders of summation: a value on the edge between two bytes may fall to either side.
  expect(largestDifference(onWasm, onWebGpu)).toBeLessThanOrEqual(1);
});
