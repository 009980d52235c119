/** Many runs with changing ratios, pictures and models, and what they leave behind; e2e/endurance.spec.ts opens it. */
import { numPatches } from '../../../src/mae/geometry.ts';
import { randomMasking } from '../../../src/mae/masking.ts';
import { torchRand } from '../../../src/mae/random.ts';
import { createEngine } from '../../../src/runtime/client.ts';
import type { Engine, ModelInfo } from '../../../src/runtime/engine.ts';
import { LensEngine } from '../../../src/runtime/lens-engine.ts';
import { localWorkshop } from '../../../src/runtime/local-workshop.ts';
import { loadBrowserRuntime } from '../../../src/runtime/ort.ts';

export interface EnduranceRequest {
  readonly device: 'wasm' | 'webgpu';
  /** Addresses of folders with checkpoints; they take turns. */
  readonly models: readonly string[];
  /** Runs before the first measurement, and then before the second. */
  readonly warmUp: number;
  readonly runs: number;
  /** After so many runs the next model is loaded. */
  readonly runsPerModel: number;
}

/** In bytes. */
export interface Footprint {
  /** The page with its workers: JavaScript's heaps and WebAssembly's memories. */
  readonly memory: number;
  /** Buffers on the graphics device that were made and not destroyed. */
  readonly gpuBuffers: number;
  readonly gpuBytes: number;
}

export interface EnduranceReport {
  readonly before: Footprint;
  readonly after: Footprint;
}

declare global {
  var endure: (request: EnduranceRequest) => Promise<EnduranceReport>;
}

const RUNS_PER_PICTURE = 20;

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

/** Counting buffers needs the page's own thread; otherwise the engine works as in the page, in workers. */
function engineFor(device: EnduranceRequest['device']): Engine {
  return device === 'wasm' ? createEngine() : new LensEngine(localWorkshop(loadBrowserRuntime));
}

globalThis.endure = async ({ device, models, warmUp, runs, runsPerModel }) => {
  const engine = engineFor(device);
  let info: ModelInfo | null = null;
  let pictureId = '';
  let run = 0;
  const go = async (count: number): Promise<void> => {
    for (const end = run + count; run < end; run++) {
      if (run % runsPerModel === 0) {
        const baseUrl = models[(run / runsPerModel) % models.length] ?? '';
        const source = { kind: 'url', name: baseUrl, baseUrl } as const;
        info = await engine.load(source, { device }, () => undefined);
      }
      if (info === null) throw new Error('No model was loaded.');
      if (run % RUNS_PER_PICTURE === 0)
        pictureId = (await engine.prepare(await picture(run), info.config.image_size)).id;
      const ratio = (run % 20) / 20;
      await engine.reconstruct(pictureId, randomMasking(torchRand(run, numPatches(info.config)), ratio));
    }
  };
  await go(warmUp);
  const before = await footprint();
  await go(runs);
  const after = await footprint();
  await engine.dispose();
  return { before, after };
};

async function picture(seed: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(96, 64);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('No canvas.');
  context.fillStyle = `hsl(${(seed * 47) % 360} 80% 50%)`;
  context.fillRect(seed % 48, 8, 40, 40);
  return canvas.convertToBlob();
}

async function footprint(): Promise<Footprint> {
  // A standard that TypeScript's library does not know yet; it collects garbage first.
  const measuring = performance as Performance & {
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
  };
  const { bytes } = await measuring.measureUserAgentSpecificMemory();
  let gpuBytes = 0;
  for (const size of living.values()) gpuBytes += size;
  return { memory: bytes, gpuBuffers: living.size, gpuBytes };
}
