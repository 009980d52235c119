/** Opens the page that makes many runs with changing ratios, pictures and models, in a browser of its own. */
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import type { EnduranceReport, EnduranceRequest } from './page/endurance.ts';

const golden = (name: string) => fileURLToPath(new URL(`../reference/golden/${name}`, import.meta.url));
const MODELS = ['length-196', 'patch14'];
/** Memory is measured at once, instead of when the browser next collects garbage. */
const EAGER = '--enable-blink-features=ForceEagerMeasureMemory';

export async function endure(request: Omit<EnduranceRequest, 'models'>): Promise<EnduranceReport> {
  const server = await servePages(Object.fromEntries(MODELS.map((name) => [`models/${name}`, golden(name)])));
  const browser = await launchBrowser([EAGER]);
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/tools/memory/page/endurance.html`);
    await page.waitForFunction(() => 'endure' in globalThis);
    const models = MODELS.map((name) => `${server.address}/models/${name}`);
    return await page.evaluate((argument) => globalThis.endure(argument), { ...request, models });
  } finally {
    await browser.close();
    await server.close();
  }
}
