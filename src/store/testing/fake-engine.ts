/** An engine whose every answer the test gives by hand, and the lens on top of it. */

import { LensError } from '../../base/errors.ts';
import type {
  Agreement,
  AgreementStep,
  Engine,
  Interpolation,
  InterpolationGeometry,
  LoadOptions,
  ModelInfo,
  ModelPhase,
  ModelSource,
  PreparedImage,
} from '../../engine/engine.ts';
import type { CallsOn } from '../../engine/model/calls.ts';
import type { MaskInput, PredictionBatch, Reconstruction } from '../../engine/model/predictions.ts';
import { publishedPreprocessor } from '../../image/published.ts';
import { type Geometry, type ImageSides, pixelCount } from '../../mae/geometry.ts';
import { displayNormalization } from '../../mae/panels.ts';
import type { DeviceChoice, DtypeChoice, KnownAgreement } from '../../runtime/device/choice.ts';
import { createLens, type Lens, type LensOptions } from '../lens.ts';
import type { PreferenceStorage } from '../preferences.ts';
import { FakeExporter } from './fake-exporter.ts';
import { FakeModelStorage } from './fake-models.ts';

/** A call that waits for its answer. */
export interface Pending<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

export interface LoadInput {
  readonly source: ModelSource;
  readonly device: DeviceChoice;
  readonly dtype: DtypeChoice;
  readonly knownAgreement: readonly KnownAgreement[];
  readonly onPhase: (phase: ModelPhase) => void;
  readonly signal: AbortSignal | undefined;
}

export class FakeEngine implements Engine {
  readonly loads: Pending<LoadInput, ModelInfo>[] = [];
  readonly runs: Pending<{ imageId: string; mask: MaskInput }, Reconstruction>[] = [];
  readonly batches: Pending<{ imageId: string; masks: readonly MaskInput[] }, PredictionBatch>[] = [];
  readonly interpolations: Pending<
    { imageId: string; mask: Uint8Array; geometry: InterpolationGeometry },
    Interpolation
  >[] = [];
  readonly comparisons: Pending<
    {
      imageId: string;
      masks: readonly MaskInput[];
      onStep: (step: AgreementStep) => void;
      signal: AbortSignal | undefined;
    },
    Agreement
  >[] = [];
  readonly prepared: { blob: Blob; geometry: Geometry }[] = [];
  /** The error for a file of this name, or of a blob of this type. */
  readonly refused = new Map<string, LensError>();
  #images = 0;

  load(
    source: ModelSource,
    { device, dtype = 'auto', knownAgreement = [], signal }: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo> {
    return new Promise((resolve, reject) => {
      const answer = (info: ModelInfo) => {
        onPhase({ phase: 'ready', info });
        resolve(info);
      };
      signal?.addEventListener('abort', () => reject(new LensError('cancelled', 'Loading was cancelled.')));
      this.loads.push({
        input: { source, device, dtype, knownAgreement, onPhase, signal },
        resolve: answer,
        reject,
      });
    });
  }

  async prepare(image: Blob, geometry: Geometry): Promise<PreparedImage> {
    const refusal = this.refused.get(image instanceof File ? image.name : image.type);
    if (refusal !== undefined) throw refusal;
    this.prepared.push({ blob: image, geometry });
    const original = new Uint8ClampedArray(pixelCount(geometry) * 3).fill(200);
    const normalization = displayNormalization(publishedPreprocessor(geometry.channels));
    return { id: `image ${++this.#images}`, width: 640, height: 427, geometry, original, normalization };
  }

  readonly model: CallsOn<string> = {
    reconstruct: (imageId, mask) =>
      new Promise((resolve, reject) => {
        this.runs.push({ input: { imageId, mask }, resolve, reject });
      }),
    predict: (imageId, masks) =>
      new Promise((resolve, reject) => {
        this.batches.push({ input: { imageId, masks }, resolve, reject });
      }),
  };

  measureAgreement(
    imageId: string,
    masks: readonly MaskInput[],
    onStep: (step: AgreementStep) => void,
    signal?: AbortSignal,
  ): Promise<Agreement> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new LensError('cancelled', 'It was cancelled.')));
      this.comparisons.push({ input: { imageId, masks, onStep, signal }, resolve, reject });
    });
  }

  interpolate(imageId: string, mask: Uint8Array, geometry: InterpolationGeometry): Promise<Interpolation> {
    return new Promise((resolve, reject) => {
      this.interpolations.push({ input: { imageId, mask, geometry }, resolve, reject });
    });
  }

  async dispose(): Promise<void> {}

  get lastRun() {
    return last(this.runs);
  }

  get lastLoad() {
    return last(this.loads);
  }
}

export function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  if (item === undefined) throw new Error('Nothing was asked of the engine.');
  return item;
}

/** The answer to a run; `loss` tells one from another. */
export function answer(mask: MaskInput, loss: number, imageSize = 224): Reconstruction {
  const masked = mask.mask.reduce((sum, value) => sum + value, 0);
  const pixels = new Uint8ClampedArray(imageSize * imageSize * 3);
  return {
    reconstruction: pixels,
    loss: masked === 0 ? null : loss,
    patchErrors: new Float32Array(mask.mask.length),
    encoderMs: 12,
    decoderMs: 36,
  };
}

export function modelInfo(
  change: Partial<ModelInfo> & { imageSize?: ImageSides; patchSize?: number; channels?: number } = {},
): ModelInfo {
  const { imageSize = 224, patchSize = 16, channels = 3, ...rest } = change;
  return {
    name: 'Test model',
    config: {
      hidden_size: 192,
      num_hidden_layers: 8,
      num_attention_heads: 3,
      intermediate_size: 768,
      hidden_act: 'gelu',
      hidden_dropout_prob: 0,
      attention_probs_dropout_prob: 0,
      initializer_range: 0.02,
      layer_norm_eps: 1e-12,
      image_size: imageSize,
      patch_size: patchSize,
      num_channels: channels,
      qkv_bias: true,
      decoder_num_attention_heads: 4,
      decoder_hidden_size: 128,
      decoder_num_hidden_layers: 4,
      decoder_intermediate_size: 512,
      mask_ratio: 0.75,
      norm_pix_loss: false,
    },
    preprocessor: publishedPreprocessor(channels),
    parameters: 4_700_000,
    bytes: 9_398_152,
    device: {
      kind: 'wasm',
      label: 'WebAssembly · 2 threads',
      threads: 2,
      attention: 'fused',
      dtype: 'fp32',
    },
    ...rest,
  };
}

export class FakeStorage implements PreferenceStorage {
  readonly values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }
}

export function testLens(options: Partial<LensOptions> = {}): { lens: Lens; engine: FakeEngine } {
  const engine = new FakeEngine();
  const lens = createLens({
    engine,
    source: { kind: 'url', name: 'Test model', baseUrl: 'http://localhost/models/demo/' },
    samples: [
      { id: 'cat', title: 'Cat', file: 'samples/cat.jpg', thumbnail: 'samples/thumbnails/cat.webp' },
      { id: 'cup', title: 'Cup', file: 'samples/cup.jpg', thumbnail: 'samples/thumbnails/cup.webp' },
    ],
    fetchSample: (sample) => Promise.resolve(new Blob(['x'], { type: `sample/${sample.id}` })),
    fetchPrecomputed: () => Promise.resolve(null),
    storage: null,
    models: new FakeModelStorage(),
    exporter: new FakeExporter(),
    download: () => undefined,
    secure: false,
    random: Math.random,
    ...options,
  });
  return { lens, engine };
}

/** A lens with its model loaded, the cat on the stage and its first result painted. */
export async function readyLens(
  options: Partial<LensOptions> = {},
): Promise<{ lens: Lens; engine: FakeEngine }> {
  const made = testLens(options);
  made.lens.start();
  made.engine.lastLoad.resolve(modelInfo());
  await settle();
  const run = made.engine.lastRun;
  run.resolve(answer(run.input.mask, 0.5));
  await settle();
  return made;
}

/** Lets every promise that can go on, go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export function file(name: string): File {
  return new File(['bytes'], name, { type: 'image/png' });
}

export const NOT_AN_IMAGE = new LensError('not-an-image', 'This file is text, not an image.');
