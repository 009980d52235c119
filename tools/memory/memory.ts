/**
 * npm run memory [-- --models base,large,huge] [--devices wasm,webgpu] [--dtypes fp32,q8,fp16]
 *
 * What it takes to load a model of the real size, from a file on disk, through the page's own engine and workers:
 * the peak of the page's memory while loading, and what is left when the model is ready, over the size of its
 * weights in the precision in which it runs. The checkpoints are generated in a temporary folder and deleted
 * afterwards. Linux only (it reads /proc).
 *
 * npm run memory -- --endurance RUNS
 *
 * What so many runs with changing ratios, images and models leave behind, after a warm-up of half as many.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../browser/launch.ts';
import { servePages } from '../browser/page-server.ts';
import { writeCheckpoint } from './checkpoint-file.ts';
import { endure } from './endurance.ts';
import type { LoadRequest } from './page/harness.ts';
import { browserMemory } from './processes.ts';

const MODELS: Readonly<Record<string, unknown>> = {
  base: {},
  large: {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
  },
  huge: {
    hidden_size: 1280,
    intermediate_size: 5120,
    num_hidden_layers: 32,
    num_attention_heads: 16,
    patch_size: 14,
  },
};
const DEVICES = ['wasm', 'webgpu'] as const;
const DTYPES = ['fp32', 'fp16', 'q8'] as const;
const BYTES_PER_WEIGHT = { fp32: 4, fp16: 2, q8: 1 } as const;
const SAMPLE_MS = 50;

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'base' },
    devices: { type: 'string', default: 'wasm,webgpu' },
    dtypes: { type: 'string', default: 'fp32,q8' },
    endurance: { type: 'string' },
  },
});
const chosen = <T extends string>(list: string, known: readonly T[]) =>
  known.filter((name) => list.split(',').includes(name));
if (values.endurance !== undefined) {
  await measureEndurance(Number(values.endurance));
  process.exit();
}
const models = chosen(values.models, Object.keys(MODELS));
const requests = chosen(values.devices, DEVICES).flatMap((device) =>
  chosen(values.dtypes, DTYPES)
    .filter((dtype) => dtype !== (device === 'wasm' ? 'fp16' : 'q8'))
    .map((dtype): LoadRequest => ({ device, dtype })),
);
if (models.length === 0 || requests.length === 0) {
  console.error(
    'Usage: npm run memory [-- --models base,large,huge] [--devices wasm,webgpu] [--dtypes fp32,q8,fp16]',
  );
  process.exit(2);
}

console.log(
  '| model | runs on | weights MB | page, peak MB | of weights | page, ready MB | graphics, peak MB |',
);
console.log('|---|---|---|---|---|---|---|');
const server = await servePages({});
try {
  for (const model of models) await measure(model);
} finally {
  await server.close();
}

async function measureEndurance(runs: number): Promise<void> {
  console.log(
    '| device | runs | memory before MB | after MB | GPU buffers before | after | GPU MB before | after |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const device of chosen(values.devices, DEVICES)) {
    const inWorkers = device === 'wasm';
    const runsPerModel = Math.ceil(runs / 10);
    const spans = [Math.ceil(runs / 2), runs] as const;
    const { before, after } = await endure({ device, runsPerModel, inWorkers }, spans);
    const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
    const cells = [
      ...[device, runs, mb(before.memory), mb(after.memory)],
      ...[before.gpu.count, after.gpu.count, mb(before.gpu.bytes), mb(after.gpu.bytes)],
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function measure(model: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-memory-'));
  try {
    const files = ['config.json', 'model.safetensors'].map((file) => path.join(folder, file));
    const [config = '', weights = ''] = files;
    await writeFile(config, JSON.stringify(MODELS[model]));
    const bytes = await writeCheckpoint(MODELS[model], weights);
    for (const request of requests) await load(model, bytes / 4, files, request);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A fresh browser for each: what one model leaves behind must not count for the next. */
async function load(
  model: string,
  parameters: number,
  files: readonly string[],
  request: LoadRequest,
): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/tools/memory/page/index.html`);
    await page.waitForFunction(() => 'load' in globalThis);
    await page.setInputFiles('input', [...files]);
    const session = await browser.newBrowserCDPSession();
    const idle = await browserMemory(session);
    const peak = { ...idle };
    let watching = true;
    const watch = async () => {
      while (watching) {
        const now = await browserMemory(session);
        peak.renderer = Math.max(peak.renderer, now.renderer);
        peak.gpu = Math.max(peak.gpu, now.gpu);
        await sleep(SAMPLE_MS);
      }
    };
    const watcher = watch();
    try {
      const report = await page.evaluate((argument) => globalThis.load(argument), request);
      const ready = await browserMemory(session);
      const size = parameters * BYTES_PER_WEIGHT[report.dtype];
      const mb = (bytes: number) => String(Math.round(bytes / 1e6));
      const cells = [
        model,
        `${report.label}, ${report.dtype}`,
        mb(size),
        mb(peak.renderer - idle.renderer),
        ((peak.renderer - idle.renderer) / size).toFixed(2),
        mb(ready.renderer - idle.renderer),
        mb(peak.gpu - idle.gpu),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      console.log(`| ${model} | ${request.device}, ${request.dtype} | failed: ${reason} | | | | |`);
      process.exitCode = 1;
    } finally {
      watching = false;
      await watcher;
    }
  } finally {
    await browser.close();
  }
}
