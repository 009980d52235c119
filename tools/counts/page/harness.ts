/** Counts what a forward pass on WebGPU asks of the device; e2e/counts.spec.ts opens this page. */

import type * as Ort from 'onnxruntime-web';
import { openFromUrl } from '../../../src/checkpoint/sources/url.ts';
import { geometryOf, patchCount, valueCount } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';
import { chooseBackend } from '../../../src/runtime/device/backend.ts';
import { IN_FP32 } from '../../../src/runtime/device/dtype.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';
import { Network } from '../../../src/vitmae/network.ts';
import { inEnglish } from '../../browser/in-english.ts';

/** What one session's run asks of the device. */
export interface RunCounts {
  readonly dispatches: number;
  readonly submits: number;
  /** Buffers made anew; a run that reuses what it has makes few. */
  readonly buffers: number;
  /** Times that the page waits for bytes from the device. */
  readonly reads: number;
}

export interface WebGpuCounts {
  readonly encoder: RunCounts;
  readonly decoder: RunCounts;
  /** The same encoder with twice the batch: a kernel that were started for each image would show. */
  readonly encoderOfTwo: RunCounts;
}

declare global {
  /** @param url of a folder with a checkpoint */
  var countWebGpu: (url: string) => Promise<WebGpuCounts>;
}

type Counter = { -readonly [name in keyof RunCounts]: RunCounts[name] };
const counter: Counter = { dispatches: 0, submits: 0, buffers: 0, reads: 0 };

/** Lets a method go on as before, and counts its calls. */
function count<T extends object, K extends keyof T & string>(
  prototype: T,
  method: K,
  name: keyof Counter,
): void {
  const original = prototype[method] as (...input: unknown[]) => unknown;
  Object.defineProperty(prototype, method, {
    value(this: T, ...input: unknown[]) {
      counter[name] += 1;
      return original.apply(this, input);
    },
  });
}
count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches');
count(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', 'dispatches');
count(GPUQueue.prototype, 'submit', 'submits');
count(GPUDevice.prototype, 'createBuffer', 'buffers');
count(GPUBuffer.prototype, 'mapAsync', 'reads');

async function counting<T>(run: () => Promise<T>): Promise<[T, RunCounts]> {
  const before = { ...counter };
  const result = await run();
  const counts = Object.fromEntries(
    Object.entries(counter).map(([name, value]) => [name, value - before[name as keyof Counter]]),
  );
  return [result, counts as unknown as RunCounts];
}

/** The runtime, telling the console where each node of a graph is placed. */
function telling(ort: typeof Ort): typeof Ort {
  const create = (model: Uint8Array, options: Ort.InferenceSession.SessionOptions) =>
    ort.InferenceSession.create(model, { ...options, logSeverityLevel: 0 });
  return { ...ort, InferenceSession: { create } } as unknown as typeof Ort;
}

globalThis.countWebGpu = async (url) => {
  const checkpoint = await openFromUrl(url);
  const { config } = checkpoint;
  const request = { device: 'webgpu', config, dtype: IN_FP32 } as const;
  const { backend, graphOptions, report } = await chooseBackend(request, loadBrowserRuntime);
  if (report.kind !== 'webgpu') throw new Error(inEnglish(report.reason));
  const told = { ...backend, ort: telling(backend.ort) };
  console.log('placement begins');
  const network = await Network.create(checkpoint, { backend: told, graphOptions });
  console.log('placement ends');
  const pixels = torchRand(7, valueCount(geometryOf(config)));
  const masks = [2, 3].map((seed) =>
    randomMasking(torchRand(seed, patchCount(geometryOf(config).grid)), 0.75),
  );
  const encode = async (batch: typeof masks) => (await network.encode(pixels, batch)).last_hidden_state;
  const one = masks.slice(0, 1);
  // The first run of a shape allocates what the later ones use again.
  for (let i = 0; i < 2; i++) {
    const latent = await encode(one);
    await network.decode(latent, one);
    latent.dispose();
    (await encode(masks)).dispose();
  }
  const [latent, encoder] = await counting(() => encode(one));
  const [, decoder] = await counting(() => network.decode(latent, one));
  latent.dispose();
  const [two, encoderOfTwo] = await counting(() => encode(masks));
  two.dispose();
  await network.dispose();
  return { encoder, decoder, encoderOfTwo };
};
