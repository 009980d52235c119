/**
 * The peer in the browser: transformers.js, whose ViTMAEModel feeds a graph whatever inputs it names. It gets our
 * encoder of standard operators, and the whole model that `npm run export` writes.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import type { Graph } from '../../src/graph/builder.ts';
import { buildEncoder } from '../../src/graph/encoder.ts';
import { PORTABLE_OPTIONS } from '../../src/graph/graph-options.ts';
import { randomMasking } from '../../src/mae/masking.ts';
import { torchRand } from '../../src/mae/random.ts';
import { buildPortable } from '../../src/onnx-export/portable-graphs.ts';
import { weightFiles } from '../../src/runtime/session/weight-files.ts';
import { servePages } from '../browser/page-server.ts';
import type { BenchOptions } from './arguments.ts';
import { forwardRows, RATIOS } from './forward-rows.ts';
import { type BenchModel, ROOT } from './models.ts';
import type { TransformersRequest } from './page/transformers-js.ts';
import type { Report } from './rows.ts';

type Input = TransformersRequest['inputs'][number];

/** Where transformers.js can run: as `OUR_RUNTIMES`, but with its own graphs, and float32. */
const PLACES = [
  { id: 'wasm-1', device: 'wasm', threads: 1, label: 'WebAssembly · 1 thread' },
  { id: 'wasm-2', device: 'wasm', threads: 2, label: 'WebAssembly · 2 threads' },
  { id: 'webgpu', device: 'webgpu', threads: 1, label: 'WebGPU' },
] as const;

export async function measureTransformersJs(
  browser: Browser,
  { name, folder, checkpoint }: BenchModel,
  { runtimes, budgetMs }: BenchOptions,
  softwareGpu: boolean,
  report: Report,
): Promise<void> {
  const models = await mkdtemp(path.join(tmpdir(), 'mae-lens-bench-'));
  const packages = path.join(ROOT, 'node_modules');
  const server = await servePages({
    models,
    'packages/transformers': path.join(packages, '@xenova/transformers/dist'),
    'packages/onnxruntime-web': path.join(packages, 'onnxruntime-web/dist'),
    'packages/onnxruntime-common': path.join(packages, 'onnxruntime-common/dist/esm'),
  });
  try {
    const { config } = checkpoint;
    const write = (graph: Graph, model: string) =>
      writeGraph(graph, checkpoint, path.join(models, model, 'onnx'));
    const encoderFiles = await write(buildEncoder(config, PORTABLE_OPTIONS), 'encoder');
    const wholeFiles = await write(buildPortable(config, 'float32'), 'whole');
    for (const model of ['encoder', 'whole'])
      await copyFile(path.join(folder, 'config.json'), path.join(models, model, 'config.json'));

    for (const { id, device, threads, label } of PLACES) {
      if (!runtimes.some((runtime) => runtime.id.startsWith(`${id}-`))) continue;
      // It opens the device with `subgroups`, with which a software adapter computes wrongly, and slowly.
      if (device === 'webgpu' && softwareGpu) continue;
      const runner = { model: name, runtime: `transformers.js-${id}`, label: `transformers.js · ${label}` };
      for (const ratio of RATIOS) {
        const run = async (model: string, dataFiles: readonly string[], inputs: readonly Input[]) => {
          // A fresh page for each: WebAssembly memory never shrinks, and a device remembers its shaders.
          const page = await browser.newPage();
          try {
            await page.goto(`${server.address}/tools/bench/page/transformers-js.html`);
            await page.waitForFunction(() => 'benchTransformers' in globalThis);
            const request: TransformersRequest = { model, dataFiles, device, threads, inputs, budgetMs };
            return await page.evaluate((argument) => globalThis.benchTransformers(argument), request);
          } finally {
            await page.close();
          }
        };
        const encoder = await run('encoder', encoderFiles, encoderInputs(checkpoint, ratio));
        const whole = await run('whole', wholeFiles, wholeInputs(checkpoint, ratio));
        forwardRows(runner, ratio, { encoder, whole }).forEach(report.add);
      }
    }
  } finally {
    await server.close();
    await rm(models, { recursive: true });
  }
}

/** @returns the names of the files of weights */
async function writeGraph(graph: Graph, checkpoint: Checkpoint, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'model.onnx'), graph.model);
  const { externalData } = weightFiles(graph, await checkpoint.syncReader());
  for (const { path: file, data } of externalData)
    await writeFile(path.join(folder, file), data.subarray(0, data.byteLength));
  return [...graph.files.keys()];
}

/** Of one image; see `buildEncoder`. */
function encoderInputs({ config }: Checkpoint, ratio: number): Input[] {
  const { image_size: S, patch_size: p } = config;
  const { idsKeep } = randomMasking(torchRand(2, (S / p) ** 2), ratio);
  const width = p * p * 3;
  const kept = idsKeep.length;
  const values = [...torchRand(7, kept * width)];
  return [
    { name: 'patches', type: 'float32', dims: [kept, width], values },
    { name: 'positions', type: 'int32', dims: [kept], values: [...idsKeep] },
    {
      name: 'token_index',
      type: 'int32',
      dims: [1, 1 + kept],
      values: Array.from({ length: 1 + kept }, (_, i) => i),
    },
  ];
}

/** Of one image; see `buildPortable`. */
function wholeInputs({ config }: Checkpoint, ratio: number): Input[] {
  const { image_size: S, patch_size: p } = config;
  const length = (S / p) ** 2;
  const noise = torchRand(2, length);
  return [
    { name: 'pixel_values', type: 'float32', dims: [1, 3, S, S], values: [...torchRand(7, 3 * S * S)] },
    { name: 'noise', type: 'float32', dims: [1, length], values: [...noise] },
    { name: 'len_keep', type: 'int64', dims: [1], values: [randomMasking(noise, ratio).idsKeep.length] },
  ];
}
