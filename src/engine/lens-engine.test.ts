import { describe, expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { parseConfig } from '../mae/config.ts';
import { randomMasking } from '../mae/masking.ts';
import { torchRand } from '../mae/random.ts';
import { square } from '../mae/testing/square.ts';
import type { DeviceChoice, DtypeChoice } from '../runtime/device/choice.ts';
import type { AgreementStep, LoadOptions, ModelInfo, ModelPhase, ModelSource } from './engine.ts';
import { interpolate } from './images/interpolate.ts';
import { type Executor, LensEngine } from './lens-engine.ts';
import type { LoadedModel } from './model/load.ts';
import type { Reconstruction } from './model/predictions.ts';

const config = parseConfig({ image_size: 32, patch_size: 16 });
const mask = randomMasking(torchRand(2, 4), 0.5);
const source = (name: string): ModelSource => ({ kind: 'url', name, baseUrl: 'https://example.org/' });
const noPhases = () => undefined;

const result: Reconstruction = {
  reconstruction: new Uint8ClampedArray(3),
  loss: 0.5,
  patchErrors: new Float32Array(4),
  encoderMs: 1,
  decoderMs: 1,
};

/** A executor whose models do what a test says; everything else is the real engine. */
class FakeExecutor implements Executor {
  readonly loads: { name: string; device: DeviceChoice; dtype: DtypeChoice }[] = [];
  readonly disposed: string[] = [];
  /** How often pixel_values were asked for. */
  normalised = 0;
  normalise = async (rgb: Uint8ClampedArray) => new Float32Array(rgb.length);
  int8 = true;
  paint: (name: string) => Promise<Reconstruction> = async () => result;
  beforeLoad: (name: string, signal: AbortSignal) => Promise<void> = async () => undefined;

  async loadModel(
    { name }: ModelSource,
    { device, dtype = 'auto', signal = new AbortController().signal }: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<LoadedModel> {
    this.loads.push({ name, device, dtype });
    onPhase({ phase: 'compiling' });
    await this.beforeLoad(name, signal);
    const info: ModelInfo = {
      name,
      config,
      preprocessor: PUBLISHED_PREPROCESSOR,
      parameters: 1,
      bytes: 4,
      device: {
        kind: 'wasm',
        label: 'test',
        threads: 1,
        attention: 'fused',
        dtype: dtype === 'q8' && this.int8 ? 'q8' : 'fp32',
        ...(dtype === 'q8' && !this.int8
          ? { dtypeReason: { key: 'q8-not-on-webgpu', params: { running: 'fp32' } } as const }
          : {}),
      },
    };
    return {
      info,
      calls: {
        reconstruct: () => this.paint(name),
        predict: async (_, masks) => ({
          predictions: masks.map(() => ({
            patches: new Float32Array(3),
            loss: 1,
            patchErrors: new Float32Array(4),
          })),
          encoderMs: 1,
          decoderMs: 1,
        }),
      },
      dispose: async () => {
        this.disposed.push(name);
      },
    };
  }

  async openImage(_: Blob, imageSize: number) {
    const rgb = new Uint8ClampedArray(3 * imageSize ** 2);
    return { width: 640, height: 480, imageSize, original: rgb, normalization: PUBLISHED_PREPROCESSOR, rgb };
  }

  async toPixelValues(rgb: Uint8ClampedArray): Promise<Float32Array> {
    this.normalised += 1;
    return this.normalise(rgb);
  }

  interpolate = async (...input: Parameters<typeof interpolate>) => interpolate(...input);

  dispose(): void {
    this.disposed.push('executor');
  }
}

function setUp() {
  const executor = new FakeExecutor();
  return { executor, engine: new LensEngine(executor) };
}

describe('load', () => {
  test('replaces a model only when the next is ready', async () => {
    const { executor, engine } = setUp();
    await engine.load(source('first'), { device: 'auto' }, noPhases);
    executor.beforeLoad = async () => {
      expect(executor.disposed).toEqual([]);
    };
    await engine.load(source('second'), { device: 'auto' }, noPhases);
    expect(executor.disposed).toEqual(['first']);
  });

  test('a failure is reported and leaves the last good model in use', async () => {
    const { executor, engine } = setUp();
    const image = await engine.prepare(new Blob(['x']), 32);
    await engine.load(source('good'), { device: 'auto' }, noPhases);
    executor.beforeLoad = async () => {
      throw new LensError('checkpoint-malformed', 'It is cut short.');
    };
    const phases: ModelPhase[] = [];
    const failing = engine.load(source('bad'), { device: 'auto' }, (phase) => phases.push(phase));
    await expect(failing).rejects.toMatchObject({ code: 'checkpoint-malformed' });
    expect(phases.at(-1)).toMatchObject({ phase: 'failed', error: { message: 'It is cut short.' } });
    expect(executor.disposed).toEqual([]);
    await expect(engine.model.reconstruct(image.id, mask)).resolves.toBe(result);
    executor.beforeLoad = async () => undefined;
    await expect(engine.load(source('next'), { device: 'auto' }, noPhases)).resolves.toMatchObject({
      name: 'next',
    });
  });

  test('a phase that arrives after the end changes nothing any more', async () => {
    const { executor, engine } = setUp();
    let late: (phase: ModelPhase) => void = noPhases;
    const loadModel = executor.loadModel.bind(executor);
    executor.loadModel = (model, options, onPhase) => {
      late = onPhase;
      return loadModel(model, options, onPhase);
    };
    const phases: ModelPhase[] = [];
    await engine.load(source('model'), { device: 'auto' }, (phase) => phases.push(phase));
    late({ phase: 'warming-up', step: 2, steps: 3 });
    expect(phases.at(-1)?.phase).toBe('ready');
  });

  test('a later load cancels an earlier one, and so does the signal', async () => {
    const { executor, engine } = setUp();
    executor.beforeLoad = (name, signal) =>
      name === 'slow'
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
        : Promise.resolve();
    const phases: ModelPhase[] = [];
    const slow = engine.load(source('slow'), { device: 'auto' }, (phase) => phases.push(phase));
    const outcome = slow.catch((error: unknown) => error);
    await engine.load(source('fast'), { device: 'auto' }, noPhases);
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    expect(phases.map(({ phase }) => phase)).not.toContain('failed');

    const abort = new AbortController();
    const aborted = engine.load(source('slow'), { device: 'auto', signal: abort.signal }, noPhases);
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('reconstruct', () => {
  test('loads the model again when the GPU went away, and moves to WebAssembly when that goes on', async () => {
    const { executor, engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await engine.load(source('model'), { device: 'webgpu' }, noPhases);
    let losses = 3;
    executor.paint = async () => {
      if (losses-- > 0) throw new LensError('device-lost', 'Gone.');
      return result;
    };
    await expect(engine.model.reconstruct(id, mask)).resolves.toBe(result);
    expect(executor.loads.map(({ device }) => device)).toEqual(['webgpu', 'webgpu', 'webgpu', 'wasm']);
  });

  test('gives up when nothing helps', async () => {
    const { executor, engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await engine.load(source('model'), { device: 'webgpu' }, noPhases);
    executor.paint = async () => {
      throw new LensError('device-lost', 'Gone.');
    };
    await expect(engine.model.reconstruct(id, mask)).rejects.toMatchObject({ code: 'device-lost' });
    expect(executor.loads).toHaveLength(4);
  });

  test('says what to do about a missing model and about an image for another model', async () => {
    const { engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 64);
    await expect(engine.model.reconstruct(id, mask)).rejects.toThrow(/No model is loaded/);
    await engine.load(source('model'), { device: 'auto' }, noPhases);
    await expect(engine.model.reconstruct(id, mask)).rejects.toThrow(/prepared again/);
    await expect(engine.model.reconstruct('unknown', mask)).rejects.toThrow(/prepared again/);
  });

  test('normalises an image once, when there is or will be a model to take it', async () => {
    const { executor, engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    expect(executor.normalised).toBe(0);
    const loading = engine.load(source('model'), { device: 'auto' }, noPhases);
    expect(executor.normalised).toBe(1);
    await loading;
    await engine.model.reconstruct(id, mask);
    await engine.model.reconstruct(id, mask);
    expect(executor.normalised).toBe(1);
    await engine.prepare(new Blob(['y']), 32);
    expect(executor.normalised).toBe(2);
  });

  test('says why an image could not be normalised, and tries again at the next run', async () => {
    const { executor, engine } = setUp();
    const works = executor.normalise;
    executor.normalise = () => Promise.reject(new LensError('network', 'Are you online?'));
    await engine.load(source('model'), { device: 'auto' }, noPhases);
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await expect(engine.model.reconstruct(id, mask)).rejects.toThrow('Are you online?');
    executor.normalise = works;
    await expect(engine.model.reconstruct(id, mask)).resolves.toBe(result);
  });

  test('keeps the last images, not all of them', async () => {
    const { engine } = setUp();
    await engine.load(source('model'), { device: 'auto' }, noPhases);
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push((await engine.prepare(new Blob(['x']), 32)).id);
    await expect(engine.model.reconstruct(ids[5] ?? '', mask)).resolves.toBe(result);
    await expect(engine.model.reconstruct(ids[2] ?? '', mask)).resolves.toBe(result);
    await expect(engine.model.reconstruct(ids[1] ?? '', mask)).rejects.toThrow(/prepared again/);
  });
});

describe('measureAgreement', () => {
  test('loads the model in use once more, in float32 on the same device, and lets it go', async () => {
    const { executor, engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await expect(engine.measureAgreement(id, [mask], noPhases)).rejects.toThrow(/No model is loaded/);
    await engine.load(source('model'), { device: 'auto', dtype: 'q8' }, noPhases);
    const steps: AgreementStep[] = [];
    const agreement = await engine.measureAgreement(id, [mask, mask], (step) => steps.push(step));
    expect(agreement).toMatchObject({ dtype: 'q8', runs: 2, lowestPsnr: Number.POSITIVE_INFINITY });
    expect(steps).toEqual([
      { phase: 'compiling' },
      { phase: 'comparing', run: 0, runs: 2 },
      { phase: 'comparing', run: 1, runs: 2 },
    ]);
    expect(executor.loads.at(-1)).toEqual({ name: 'model', device: 'wasm', dtype: 'fp32' });
    expect(executor.disposed).toEqual(['model']);
    await expect(engine.model.reconstruct(id, mask)).resolves.toBe(result);
  });

  test('beside float32 it is the device’s other precision that is loaded', async () => {
    const { executor, engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await engine.load(source('model'), { device: 'auto', dtype: 'fp32' }, noPhases);
    const agreement = await engine.measureAgreement(id, [mask], noPhases);
    expect(agreement.dtype).toBe('q8');
    expect(executor.loads.at(-1)).toEqual({ name: 'model', device: 'wasm', dtype: 'q8' });
    expect(executor.disposed).toEqual(['model']);
  });

  test('says why when there is no other', async () => {
    const { executor, engine } = setUp();
    executor.int8 = false;
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await engine.load(source('model'), { device: 'auto' }, noPhases);
    const measurement = engine.measureAgreement(id, [mask], noPhases);
    await expect(measurement).rejects.toMatchObject({
      code: 'device-unavailable',
      key: 'device-unavailable/q8-not-on-webgpu',
    });
    expect(executor.disposed).toEqual(['model']);
  });
});

describe('interpolate', () => {
  test('needs no model, but the image in the size that was asked for', async () => {
    const { engine } = setUp();
    const { id } = await engine.prepare(new Blob(['x']), 32);
    await expect(
      engine.interpolate(id, mask.mask, { ...square(32, 16), norm_pix_loss: false }),
    ).resolves.toMatchObject({ loss: 0 });
    const larger = { ...square(64, 16), norm_pix_loss: false };
    await expect(engine.interpolate(id, mask.mask, larger)).rejects.toThrow(/prepared again/);
  });
});

test('after dispose every call rejects', async () => {
  const { executor, engine } = setUp();
  await engine.dispose();
  expect(executor.disposed).toEqual(['executor']);
  await expect(engine.prepare(new Blob(['x']), 32)).rejects.toThrow(/shut down/);
  await expect(engine.load(source('x'), { device: 'auto' }, noPhases)).rejects.toThrow(/shut down/);
});
