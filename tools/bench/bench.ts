/**
 * npm run bench [-- --json FILE] [--models demo,base] [--devices wasm,webgpu] [--budget 3000]
 *
 * Times encoder, decoder and both, at 0, 50 and 75 % masked: the page's engine in a real browser (WebAssembly
 * with 1 and 2 threads, WebGPU), beside onnxruntime-node on the same graphs in the same run. Absolute times are
 * this machine's; the ratios to onnxruntime-node are what can be compared. `base` has the size of
 * facebook/vit-mae-base and weights from a recipe.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { openFromFiles } from '../../src/checkpoint/open.ts';
import { formFor } from '../../src/runtime/backend.ts';
import { ViTMAEForPreTraining } from '../../src/runtime/vit-mae.ts';
import { launchBrowser } from '../browser/launch.ts';
import { type PageServer, servePages } from '../browser/page-server.ts';
import { checkpointFromRecipe } from '../recipe/recipe.ts';
import { type Measurement, measure } from './measure.ts';
import { nativeRuntime } from './native-runtime.ts';
import type { BenchReport, BenchRequest } from './page/harness.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RATIOS = [0, 0.5, 0.75];
const NATIVE_THREADS = 2;

const MODELS = {
  demo: { folder: path.join(ROOT, 'public/models/demo'), fromRecipe: false },
  base: { folder: path.join(ROOT, 'tools/reference/golden/base-size'), fromRecipe: true },
} as const;
type ModelName = keyof typeof MODELS;

const TARGETS = [
  { device: 'wasm', threads: 1 },
  { device: 'wasm', threads: 2 },
  { device: 'webgpu', threads: 1 },
] as const;

interface Row {
  readonly model: string;
  readonly masked: number;
  readonly runtime: string;
  readonly measurement: Measurement;
  /** Median total over onnxruntime-node's in the same run. */
  readonly ratio: number;
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    models: { type: 'string', default: 'demo,base' },
    devices: { type: 'string', default: 'wasm,webgpu' },
    budget: { type: 'string', default: '3000' },
  },
});
const names = values.models.split(',').filter((name): name is ModelName => name in MODELS);
const devices = values.devices.split(',');
const targets = TARGETS.filter(({ device }) => devices.includes(device));
const budgetMs = Number(values.budget);
if (names.length === 0 || targets.length === 0 || !(budgetMs > 0)) {
  console.error(
    'Usage: npm run bench [-- --json FILE] [--models demo,base] [--devices wasm,webgpu] [--budget MILLISECONDS]',
  );
  process.exit(2);
}

const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`;
console.log(`${machine}; Node ${process.version}\n`);
console.log(
  '| model | masked | runtime | encoder ms | decoder ms | total ms (min – max) | ratio to native |',
);
console.log('|---|---|---|---|---|---|---|');
const server = await servePages(
  Object.fromEntries(names.map((name) => [`bench/${name}`, MODELS[name].folder])),
);
const rows: Row[] = [];
try {
  for (const name of names) rows.push(...(await bench(name, server)));
} finally {
  await server.close();
}
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);

async function bench(name: ModelName, { address }: PageServer): Promise<Row[]> {
  const peers = await benchNative(name);
  const rows = peers.map((measurement, i) =>
    print(name, i, `onnxruntime-node, ${NATIVE_THREADS} threads`, measurement, measurement),
  );
  for (const target of targets) {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${address}/tools/bench/page/index.html`);
      await page.waitForFunction(() => 'benchModel' in globalThis);
      const { fromRecipe } = MODELS[name];
      const request: BenchRequest = {
        url: `${address}/bench/${name}`,
        fromRecipe,
        ...target,
        ratios: RATIOS,
        budgetMs,
      };
      const report: BenchReport = await page.evaluate((argument) => globalThis.benchModel(argument), request);
      for (const [i, measurement] of report.measurements.entries())
        rows.push(print(name, i, report.device, measurement, peers[i]));
    } catch (error) {
      console.log(
        `| ${name} | | ${target.device} | failed: ${error instanceof Error ? error.message : error} | | | |`,
      );
      process.exitCode = 1;
    } finally {
      await browser.close();
    }
  }
  return rows;
}

async function benchNative(name: ModelName): Promise<Measurement[]> {
  const backend = { kind: 'wasm', ort: nativeRuntime(NATIVE_THREADS) } as const;
  const model = await ViTMAEForPreTraining.from_pretrained(await openModel(name), {
    backend,
    form: formFor('wasm', 'float32'),
  });
  const measurements: Measurement[] = [];
  for (const ratio of RATIOS) measurements.push(await measure(model, ratio, budgetMs));
  await model.dispose();
  return measurements;
}

async function openModel(name: ModelName): Promise<Checkpoint> {
  const { folder, fromRecipe } = MODELS[name];
  const read = (file: string) => readFileSync(path.join(folder, file));
  const json = (file: string): unknown => JSON.parse(read(file).toString());
  if (fromRecipe) return checkpointFromRecipe(json('config.json'), json('recipe.json'));
  return openFromFiles(['config.json', 'model.safetensors'].map((file) => new File([read(file)], file)));
}

function print(
  model: string,
  i: number,
  runtime: string,
  measurement: Measurement,
  peer: Measurement | undefined,
): Row {
  const masked = RATIOS[i] ?? 0;
  const ratio = measurement.total.median / (peer?.total.median ?? Number.NaN);
  const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  const { encoder, decoder, total } = measurement;
  console.log(
    `| ${model} | ${masked * 100} % | ${runtime} | ${ms(encoder.median)} | ${ms(decoder.median)} | ${ms(total.median)} (${ms(total.min)} – ${ms(total.max)}) | ${ratio.toFixed(2)} |`,
  );
  return { model, masked, runtime, measurement, ratio };
}
