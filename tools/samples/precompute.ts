/**
 * npm run samples
 *
 * Writes public/samples/thumbnails, and public/samples/results: what the bundled model makes of every sample at the settings that the page
 * starts with, so that a visitor sees a result before the model has arrived. Run it whenever the weights, the
 * samples or those settings change; the browser tests fail when it was forgotten.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { heightAndWidth } from '../../src/mae/geometry.ts';
import { SAMPLES } from '../../src/store/image/samples.ts';
import { DEFAULT_SETTINGS } from '../../src/store/mask/settings.ts';
import { BUNDLED_MODEL_NAME } from '../../src/store/model/bundled.ts';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import type { SampleRequest } from './page/harness.ts';
import { writeThumbnails } from './thumbnails.ts';

const RESULTS = fileURLToPath(new URL('../../public/samples/results', import.meta.url));

const { ratio, seed, generator } = DEFAULT_SETTINGS;
if (generator !== 'torch') throw new Error('The tool draws masks with the PyTorch generator.');

await writeThumbnails();
await rm(RESULTS, { recursive: true, force: true });
await mkdir(RESULTS, { recursive: true });
const server = await servePages({});
const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.goto(`${server.address}/tools/samples/page/index.html`);
  await page.waitForFunction(() => 'reconstructSample' in globalThis);
  for (const { id, file } of SAMPLES) {
    const request: SampleRequest = {
      modelUrl: `${server.address}/models/demo/`,
      imageUrl: `${server.address}/${file}`,
      maskRatio: ratio,
      seed: Number(seed),
    };
    const result = await page.evaluate((argument) => globalThis.reconstructSample(argument), request);
    const { imageSize, patchSize, loss, reconstruction } = result;
    const [height, width] = heightAndWidth(imageSize);
    const raw = { width, height, channels: 3 } as const;
    await sharp(Uint8Array.from(reconstruction), { raw })
      .png({ compressionLevel: 9 })
      .toFile(path.join(RESULTS, `${id}.png`));
    const entry = {
      format: 'mae-lens-result/1',
      sample: id,
      model: BUNDLED_MODEL_NAME,
      image_size: imageSize,
      patch_size: patchSize,
      mask_ratio: ratio,
      seed,
      generator,
      loss,
      reconstruction: `${id}.png`,
    };
    await writeFile(path.join(RESULTS, `${id}.json`), `${JSON.stringify(entry, null, 2)}\n`);
    console.log(`${id}: loss ${loss?.toFixed(4) ?? 'none'}`);
  }
} finally {
  await browser.close();
  await server.close();
}
