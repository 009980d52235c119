/** Many runs with changing ratios, images and models, and what they leave behind; e2e/endurance.spec.ts opens it. */

import { createEngine } from '../../../src/engine/client.ts';
import type { Engine, ModelInfo } from '../../../src/engine/engine.ts';
import { LensEngine } from '../../../src/engine/lens-engine.ts';
import { localExecutor } from '../../../src/engine/local-executor.ts';
import { geometryOf, patchCount } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';

export interface EnduranceRequest {
  readonly device: 'wasm' | 'webgpu';
  /** Addresses of folders with checkpoints; they take turns. */
  readonly models: readonly string[];
  /** After so many runs the next model is loaded. */
  readonly runsPerModel: number;
  /** In workers as in the page, or in the page's own thread, where its heap and its buffers can be counted. */
  readonly inWorkers: boolean;
}

/** Buffers on the graphics device that were made and not destroyed. */
export interface GpuBuffers {
  readonly count: number;
  readonly bytes: number;
}

declare global {
  var beginEndurance: (request: EnduranceRequest) => void;
  var goOn: (runs: number) => Promise<void>;
  var gpuBuffers: () => GpuBuffers;
  /** JavaScript's heaps and WebAssembly's memories of the page with its workers, in bytes. Takes a minute. */
  var memoryWithWorkers: () => Promise<number>;
}

const RUNS_PER_IMAGE = 20;

const living = new Map<GPUBuffer, number>();
const { createBuffer } = GPUDevice.prototype;
GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor) {
  const buffer = createBuffer.call(this, descriptor);
  living.set(buffer, descriptor.size);
  return buffer;
};
const { destroy } = GPUBuffer.prototype;
GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
  living.delete(this);
  return destroy.call(this);
};

let settings: EnduranceRequest;
let engine: Engine;
let info: ModelInfo | null = null;
let imageId = '';
let run = 0;

globalThis.beginEndurance = (request) => {
  settings = request;
  engine = request.inWorkers ? createEngine() : new LensEngine(localExecutor(loadBrowserRuntime));
};

globalThis.goOn = async (runs) => {
  const { device, models, runsPerModel } = settings;
  for (const end = run + runs; run < end; run++) {
    if (run % runsPerModel === 0) {
      const baseUrl = models[(run / runsPerModel) % models.length] ?? '';
      info = await engine.load({ kind: 'url', name: baseUrl, baseUrl }, { device }, () => undefined);
    }
    if (info === null) throw new Error('No model was loaded.');
    if (run % RUNS_PER_IMAGE === 0 || run % runsPerModel === 0)
      imageId = (await engine.prepare(await image(run), info.config.image_size)).id;
    const ratio = (run % 20) / 20;
    await engine.model.reconstruct(
      imageId,
      randomMasking(torchRand(run, patchCount(geometryOf(info.config).grid)), ratio),
    );
  }
};

globalThis.gpuBuffers = () => {
  let bytes = 0;
  for (const size of living.values()) bytes += size;
  return { count: living.size, bytes };
};

globalThis.memoryWithWorkers = async () => {
  // A standard that TypeScript's library does not know yet; it collects garbage first.
  const measuring = performance as Performance & {
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
  };
  return (await measuring.measureUserAgentSpecificMemory()).bytes;
};

async function image(seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(96, 64);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas.');
  context.fillStyle = `hsl(${(seed * 47) % 360} 80% 50%)`;
  context.fillRect(seed % 48, 8, 40, 40);
  return canvas.convertToBlob();
}
