/**
 * npm run verify -- DIR [DIR ...] [--device wasm|webgpu|both] [--atol 1e-4]
 *
 * Holds the page's engine, in a real browser, against golden files. DIR holds a checkpoint (`config.json` and
 * weights, or a `recipe.json` in their place) and `cases/*.safetensors`; see tools/reference/README.md.
 * One line for each tensor with the largest absolute difference; exit code 1 when any of them is wrong.
 *
 * npm run verify -- --published NAME [NAME ...] [--device wasm|webgpu]
 *   [--hub URL] [--images FOLDER|URL] [--storage FOLDER]
 *
 * Proves an installation on the real models: downloads facebook/vit-mae-base, -large or -huge (448 MB, 1.3 GB,
 * 2.6 GB; `@revision` may follow the name) as the page does, runs it in a real browser, and holds its logits against
 * the numbers that transformers has published (published.ts). One line for each of them; exit code 1 when any is
 * wrong or could not be checked.
 *
 * --hub       another address in place of https://huggingface.co, such as a mirror's
 * --images  a folder, or the address of one, that has the two images under the names of their own addresses
 * --storage   where the browser keeps what it downloads, for the next run to use; .cache/published where absent
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { HUB } from '../../src/checkpoint/sources/address.ts';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import { isAddress } from './images.ts';
import { consoleOutput } from './output.ts';
import type { DirectoryReport, DirectoryRequest } from './page/harness.ts';
import { PUBLISHED } from './published.ts';
import { findModels, StorageBusy, verifyPublished, type WantedModel } from './published-check.ts';

const STORAGE = fileURLToPath(new URL('../../.cache/published', import.meta.url));
const DEVICES = ['wasm', 'webgpu'] as const;
type Device = (typeof DEVICES)[number];
const USAGE = `Usage: npm run verify -- DIR [DIR ...] [--device wasm|webgpu|both] [--atol 1e-4]
       npm run verify -- --published NAME [NAME ...] [--device wasm|webgpu]
         [--hub URL] [--images FOLDER|URL] [--storage FOLDER]
NAME is ${PUBLISHED.map(({ repository }) => repository).join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string', default: 'wasm' },
    atol: { type: 'string' },
    published: { type: 'boolean', default: false },
    hub: { type: 'string' },
    images: { type: 'string' },
    storage: { type: 'string' },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const { device, atol, published, hub, images, storage } = values;
  const devices = DEVICES.filter((known) => device === known || (device === 'both' && !published));
  const [first] = devices;
  const forOther = published ? [atol] : [hub, images, storage];
  if (first === undefined || positionals.length === 0 || forOther.some((value) => value !== undefined))
    return refuse(USAGE);
  return published ? verifyModels(first) : verifyDirectories(devices, Number(atol ?? '1e-4'));
}

/** For a person who has to type something else. */
function refuse(message: string): number {
  console.error(message);
  return 2;
}

async function verifyModels(device: Device): Promise<number> {
  const { hub = HUB, images = null, storage = STORAGE } = values;
  if (!isAddress(hub) || !URL.canParse(hub)) return refuse(`--hub ${hub} is not a web address.`);
  if (images !== null && !isAddress(images) && !existsSync(images))
    return refuse(`--images ${images} is neither a folder nor a web address.`);
  let models: readonly WantedModel[];
  try {
    models = findModels(positionals, PUBLISHED, hub);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  try {
    const { passed, failed } = await verifyPublished(models, {
      device,
      images,
      storage: path.resolve(storage),
      output: consoleOutput(),
    });
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof StorageBusy) return refuse(error.message);
    throw error;
  }
}

async function verifyDirectories(devices: readonly Device[], atol: number): Promise<number> {
  if (!(atol >= 0)) return refuse(USAGE);
  const directories = positionals.map((directory) => path.resolve(directory));
  for (const directory of directories) {
    if (!existsSync(path.join(directory, 'config.json')) || !existsSync(path.join(directory, 'cases'))) {
      return refuse(
        `${directory} has no config.json or no cases. A golden directory has both; see tools/reference.`,
      );
    }
  }

  const server = await servePages(
    Object.fromEntries(directories.map((directory, i) => [`golden/${i}`, directory])),
  );
  const browser = await launchBrowser();
  try {
    // Side by side: the software GPU compiles on one core, which leaves the others to WebAssembly.
    const counts = await Promise.all(
      devices.map((device) => verifyOn(device, browser, server.address, directories, atol)),
    );
    for (const [i, device] of devices.entries()) console.log(`${device}: ${wording(counts[i])}`);
    const sum = add(counts);
    console.log(wording(sum));
    return sum.failed === 0 && counts.every(({ passed }) => passed > 0) ? 0 : 1;
  } finally {
    await browser.close();
    await server.close();
  }
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

function add(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function wording({ passed, failed }: Count = { passed: 0, failed: 0 }): string {
  return `${passed} passed, ${failed} failed`;
}

/** All directories on one page, with one device. */
async function verifyOn(
  device: Device,
  browser: Browser,
  address: string,
  directories: readonly string[],
  atol: number,
): Promise<Count> {
  // A context of its own, so that the pages do not share a process.
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${address}/tools/verify/page/index.html`);
  await page.waitForFunction(() => 'verifyDirectory' in globalThis);
  const counts: Count[] = [];
  for (const [i, directory] of directories.entries()) {
    const request: DirectoryRequest = {
      url: `${address}/golden/${i}`,
      cases: readdirSync(path.join(directory, 'cases')).filter((file) => file.endsWith('.safetensors')),
      fromRecipe: existsSync(path.join(directory, 'recipe.json')),
      device,
      atol,
    };
    const name = path.basename(directory);
    try {
      counts.push(
        print(name, await page.evaluate((argument) => globalThis.verifyDirectory(argument), request)),
      );
    } catch (error) {
      counts.push({ passed: 0, failed: 1 });
      console.log(`FAIL ${name} on ${device}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await context.close();
  return add(counts);
}

function print(name: string, report: DirectoryReport): Count {
  console.log(`# ${name} on ${report.device}, ${report.attention} attention`);
  let passed = 0;
  let failed = 0;
  if (report.fallback !== null) {
    failed += 1;
    console.log(`FAIL ${name}: the device that was asked for was not used. ${report.fallback}`);
  }
  for (const { name: caseName, comparisons } of report.cases) {
    if (comparisons.length === 0) {
      failed += 1;
      console.log(`FAIL ${name}/${caseName}: it expects nothing`);
    }
    for (const { name: tensor, shape, difference, passed: good, remark } of comparisons) {
      if (good) passed += 1;
      else failed += 1;
      const detail = remark === undefined ? `max |difference| ${difference.toExponential(2)}` : remark;
      console.log(`${good ? 'ok  ' : 'FAIL'} ${name}/${caseName} ${tensor} [${shape.join(', ')}] ${detail}`);
    }
  }
  return { passed, failed };
}
