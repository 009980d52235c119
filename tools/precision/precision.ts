/**
 * npm run dtype [-- --models demo[,MODEL…]] [--device wasm|webgpu] [--hub URL] [--write]
 *
 * Holds the device's other dtype (int8 on WebAssembly, float16 on WebGPU) against float32, with the page's own
 * engine in a real browser: every sample, masked in halves, three quarters and nine tenths with four seeds each.
 * A MODEL is `demo`, the bundled one; a name on the hub; a folder or file with a checkpoint; or NAME=FOLDER, for a
 * copy on this disk of what the hub has under that name. `--write` puts what was found into the page's table,
 * src/store/model/agreement.json, where the choice “automatic” takes it from.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { CLOSE_ENOUGH } from '../../src/runtime/device/dtype.ts';
import { SAMPLES } from '../../src/store/image/samples.ts';
import { measurementOf, mergeAgreement } from '../../src/store/model/agreement-records.ts';
import { agreementTable } from '../../src/store/model/agreement-table.ts';
import { BUNDLED_MODEL_NAME } from '../../src/store/model/bundled.ts';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import { type NamedModel, parseModels } from './models.ts';
import type { DtypeReport, DtypeRequest } from './page/harness.ts';
import { putRow, rounded, tableJson } from './table.ts';

const TABLE = fileURLToPath(new URL('../../src/store/model/agreement.json', import.meta.url));
const MASK_RATIOS = [0.5, 0.75, 0.9];
const SEEDS = [0, 1, 2, 3];

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'demo' },
      device: { type: 'string', default: 'wasm' },
      hub: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const { device, hub = null, write } = values;
  let models: readonly NamedModel[];
  try {
    if (device !== 'wasm' && device !== 'webgpu') throw new Error(`There is no device “${device}”.`);
    models = parseModels(values.models, existsSync);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(
      'Usage: npm run dtype [-- --models demo[,MODEL…]] [--device wasm|webgpu] [--hub URL] [--write]',
    );
    return 2;
  }
  const server = await servePages({});
  const browser = await launchBrowser();
  let failed = false;
  try {
    for (const model of models) {
      try {
        const report = await hold(browser, server.address, model, device, hub);
        const row = print(model, report);
        if (row !== null && write) writeRow(model, row);
      } catch (error) {
        failed = true;
        console.error(`${model.title} failed: ${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return failed ? 1 : 0;
}

async function hold(
  browser: Browser,
  address: string,
  model: NamedModel,
  device: DtypeRequest['device'],
  hub: string | null,
): Promise<DtypeReport> {
  const page = await browser.newPage();
  try {
    page.on('console', (message) => {
      if (message.type() === 'info') console.error(`  ${message.text()}`);
    });
    await page.goto(`${address}/tools/dtype/page/index.html`);
    await page.waitForFunction(() => 'holdModel' in globalThis);
    if (model.kind === 'disk') await page.setInputFiles('input', filesIn(model.path));
    const request: DtypeRequest = {
      model: requested(model, address, hub),
      device,
      samples: SAMPLES.map(({ id, file }) => ({ id, url: `${address}/${file}` })),
      maskRatios: MASK_RATIOS,
      seeds: SEEDS,
    };
    return await page.evaluate((argument) => globalThis.holdModel(argument), request);
  } finally {
    await page.close();
  }
}

function requested(model: NamedModel, address: string, hub: string | null): DtypeRequest['model'] {
  switch (model.kind) {
    case 'bundled':
      return { kind: 'url', name: BUNDLED_MODEL_NAME, baseUrl: `${address}/models/demo/` };
    case 'disk':
      return { kind: 'files', name: model.title };
    case 'hub':
      return { kind: 'hub', name: model.title, hub };
  }
}

/** A folder's own files, or the one file that was named. */
function filesIn(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => path.join(place, entry.name));
}

type Measured = Extract<DtypeReport, { readonly skipped: null }>;

/** @returns what was measured; null when there was nothing to measure */
function print(model: NamedModel, report: DtypeReport): Measured | null {
  if (report.skipped !== null) {
    console.log(`${model.title}: skipped. ${report.skipped}`);
    return null;
  }
  const { name, dtype, device, parameters, bytes, samples } = report;
  console.log(
    `\n${name} (${parameters} parameters, ${bytes} bytes) on ${device}: ${dtype} against float32\n`,
  );
  console.log('| sample | masked | lowest PSNR | mean PSNR | loss differs by at most | runs |');
  console.log('|---|---|---|---|---|---|');
  for (const { id, maskRatio, ...agreement } of samples)
    console.log(tableLine(id, `${Math.round(maskRatio * 100)} %`, agreement));
  const total = joined(report);
  console.log(tableLine('all', 'all', total));
  const close = total.lowestPsnr >= CLOSE_ENOUGH;
  console.log(
    `\n${close ? 'Close enough' : 'Too far off'} for “automatic”, which asks for ${CLOSE_ENOUGH} dB.`,
  );
  return report;
}

function joined({ samples }: Measured): Measured['samples'][number] {
  return samples.reduce((sum, next) => mergeAgreement(sum, next));
}

function tableLine(
  sample: string,
  masked: string,
  {
    lowestPsnr,
    meanPsnr,
    lossDifference,
    runs,
  }: Pick<Measured['samples'][number], 'lowestPsnr' | 'meanPsnr' | 'lossDifference' | 'runs'>,
): string {
  const loss = lossDifference === null ? '' : lossDifference.toPrecision(2);
  return `| ${sample} | ${masked} | ${lowestPsnr.toFixed(1)} dB | ${meanPsnr.toFixed(1)} dB | ${loss} | ${runs} |`;
}

function writeRow(model: NamedModel, report: Measured): void {
  if (model.kind === 'disk' && !model.named) {
    console.error(
      `${model.title} is not written: a folder’s name says nothing. Say NAME=FOLDER if it holds what the hub has under NAME.`,
    );
    return;
  }
  const { name, parameters, bytes, device } = report;
  const { id: _, maskRatio: __, ...agreement } = joined(report);
  const table = agreementTable.parse(JSON.parse(readFileSync(TABLE, 'utf8')));
  const next = putRow(table, {
    ...rounded(measurementOf({ model: name, parameters, bytes, ...agreement })),
    samples: SAMPLES.map(({ id }) => id),
    mask_ratios: MASK_RATIOS,
    seeds: SEEDS,
    device,
  });
  writeFileSync(TABLE, tableJson(next));
  console.log(`Written to ${path.relative(process.cwd(), TABLE)}.`);
}
