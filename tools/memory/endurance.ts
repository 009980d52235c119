/** Opens the page that makes many runs with changing ratios, images and models, in a browser of its own. */
import { fileURLToPath } from 'node:url';
import type { CDPSession } from '@playwright/test';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import type { EnduranceRequest, GpuBuffers } from './page/endurance.ts';

const golden = (name: string) => fileURLToPath(new URL(`../reference/golden/${name}`, import.meta.url));
const MODELS = ['length-196', 'patch14'];
/** Memory is measured at once, instead of when the browser next collects garbage. */
const EAGER = '--enable-blink-features=ForceEagerMeasureMemory';

/** In bytes. */
export interface Footprint {
  /** JavaScript's heaps and WebAssembly's memories: of the page with its workers, or of the page's own thread. */
  readonly memory: number;
  readonly gpu: GpuBuffers;
}

/** @param runs before the first measurement, and then before the second */
export async function endure(
  request: Omit<EnduranceRequest, 'models'>,
  [warmUp, runs]: readonly [number, number],
): Promise<{ readonly before: Footprint; readonly after: Footprint }> {
  const server = await servePages(Object.fromEntries(MODELS.map((name) => [`models/${name}`, golden(name)])));
  const browser = await launchBrowser([EAGER]);
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/tools/memory/page/endurance.html`);
    await page.waitForFunction(() => 'beginEndurance' in globalThis);
    const session = await page.context().newCDPSession(page);
    const footprint = async (): Promise<Footprint> => ({
      memory: await (request.inWorkers
        ? page.evaluate(() => globalThis.memoryWithWorkers())
        : ownMemory(session)),
      gpu: await page.evaluate(() => globalThis.gpuBuffers()),
    });
    const models = MODELS.map((name) => `${server.address}/models/${name}`);
    await page.evaluate((argument) => globalThis.beginEndurance(argument), { ...request, models });
    await page.evaluate((count) => globalThis.goOn(count), warmUp);
    const before = await footprint();
    await page.evaluate((count) => globalThis.goOn(count), runs);
    return { before, after: await footprint() };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Of the page's own thread, after its garbage is collected: objects, and what buffers and memories hold. */
async function ownMemory(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const usage = await session.send('Runtime.getHeapUsage');
  return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
}
