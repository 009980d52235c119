/**
 * What a forward pass on WebGPU asks of the device, in numbers that do not depend on its speed: a guard against
 * losing by accident what makes it fast. Where a change makes one of them smaller, write the smaller one down.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type PageServer, servePages } from '../tools/browser/page-server.ts';

/** Two layers in the encoder and one in the decoder. */
const TINY = fileURLToPath(new URL('../tools/reference/golden/length-196', import.meta.url));
let server: PageServer;

test.beforeAll(async () => {
  server = await servePages({ tiny: TINY });
});
test.afterAll(() => server.close());

test('a forward pass on WebGPU: dispatches, waits and buffers, and no node on the processor', async ({
  page,
}) => {
  const told: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  await page.goto(`${server.address}/tools/counts/page/index.html`);
  await page.waitForFunction(() => 'countWebGpu' in globalThis);
  const counts = await page.evaluate((url) => globalThis.countWebGpu(url), `${server.address}/tiny`);

  const placements = told.flatMap((line) => {
    const [, provider, nodes] = /placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(line) ?? [];
    return provider === undefined ? [] : [`${provider}: ${nodes}`];
  });
  // The encoder's, and then the decoder's.
  expect(placements).toEqual(['WebGpuExecutionProvider: 39', 'WebGpuExecutionProvider: 26']);
  const encoder = { dispatches: 28, submits: 8, buffers: 3, reads: 0 };
  const decoder = { dispatches: 18, submits: 3, buffers: 2, reads: 1 };
  // Twice the images are no more work to submit, and the latent is never read back.
  expect(counts).toEqual({ encoder, decoder, encoderOfTwo: encoder });
});
