import { LensError } from '../base/errors.ts';
import type { DtypeReason } from '../base/reason.ts';
import type { PreprocessorConfig } from '../image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { imageWidth } from '../mae/geometry.ts';
import type { DeviceChoice } from '../runtime/device/choice.ts';
import { REDUCED_DTYPE } from '../runtime/device/dtype.ts';
import { holdAgainst } from './agreement.ts';
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
} from './engine.ts';
import { measured } from './engine-timing.ts';
import type { ImageWorker } from './images/protocol.ts';
import { callOf, callsBy } from './model/calls.ts';
import type { LoadedModel } from './model/load.ts';
import type { MaskInput } from './model/predictions.ts';

/** The heavy work, in this thread or in workers. */
export interface Executor extends Pick<ImageWorker, 'toPixelValues' | 'interpolate'> {
  /** Each call gives a model of its own; the signal, or a later `dispose`, ends it whatever it is doing. */
  loadModel(
    source: ModelSource,
    options: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<LoadedModel>;
  readonly openImage: ImageWorker['open'];
  dispose(): void;
}

/** An image that calls can name. */
interface KeptImage {
  readonly imageSize: number;
  readonly preprocessor: PreprocessorConfig;
  /** [3, S, S], normalised: made when first asked for, and again after a failure. */
  readonly pixelValues: () => Promise<Float32Array>;
}

/** Images that calls can name: the shown one, the one before, and a margin. */
const KEPT_IMAGES = 4;
/** After this many losses of the GPU, WebAssembly takes over. */
const MAX_DEVICE_LOSSES = 2;

/** The engine: which model answers, and what happens when one fails; where the work is done is the executor's matter. */
export class LensEngine implements Engine {
  readonly #executor: Executor;
  readonly #images = new Map<string, KeptImage>();
  #model: LoadedModel | null = null;
  #source: ModelSource | null = null;
  #loading: AbortController | null = null;
  #reload: ((device?: DeviceChoice) => Promise<ModelInfo>) | null = null;
  #deviceLosses = 0;
  #imageCount = 0;
  #disposed = false;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  readonly model = callsBy<string>((name, imageId, input) =>
    measured(name, input, () =>
      this.#run(imageId, (model, pixelValues) => callOf(model.calls, name, pixelValues, input)),
    ),
  );

  async load(
    source: ModelSource,
    { signal, ...options }: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo> {
    this.#throwIfDisposed();
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    for (const { pixelValues } of this.#images.values()) begin(pixelValues);
    const cancelled = signal === undefined ? loading.signal : AbortSignal.any([loading.signal, signal]);
    // A worker's phases and its answer come on two channels: a phase can arrive after the end that it led to.
    let ended = false;
    const tell = (phase: ModelPhase) => {
      if (!ended) onPhase(phase);
    };
    try {
      const model = await this.#executor.loadModel(source, { ...options, signal: cancelled }, tell);
      ended = true;
      if (cancelled.aborted) {
        await model.dispose();
        throw cancellation();
      }
      const previous = this.#model;
      this.#model = model;
      this.#source = source;
      this.#reload = (other) => this.load(source, { ...options, device: other ?? options.device }, onPhase);
      onPhase({ phase: 'ready', info: model.info });
      await previous?.dispose();
      return model.info;
    } catch (error) {
      ended = true;
      const failure = cancelled.aborted ? cancellation() : error;
      if (failure instanceof LensError && failure.code !== 'cancelled')
        onPhase({ phase: 'failed', error: failure });
      throw failure;
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  async prepare(image: Blob, imageSize: number): Promise<PreparedImage> {
    this.#throwIfDisposed();
    const preprocessor = this.#model?.info.preprocessor ?? PUBLISHED_PREPROCESSOR;
    const { rgb, ...prepared } = await this.#executor.openImage(image, imageSize, preprocessor);
    const id = `image ${++this.#imageCount}`;
    const pixelValues = keepResult(() => this.#executor.toPixelValues(rgb, imageSize, preprocessor));
    this.#images.set(id, { imageSize, preprocessor, pixelValues });
    if (this.#model !== null || this.#loading !== null) begin(pixelValues);
    for (const oldest of this.#images.keys()) {
      if (this.#images.size <= KEPT_IMAGES) break;
      this.#images.delete(oldest);
    }
    return { id, ...prepared };
  }

  async measureAgreement(
    imageId: string,
    masks: readonly MaskInput[],
    onStep: (step: AgreementStep) => void,
    signal?: AbortSignal,
  ): Promise<Agreement> {
    this.#throwIfDisposed();
    const model = this.#model;
    const source = this.#source;
    if (model === null || source === null) throw new LensError('engine-failed/no-model');
    const pixelValues = await this.#image(imageId, model.info.config.image_size).pixelValues();
    const { device } = model.info;
    const exactInUse = device.dtype === 'fp32';
    const options: LoadOptions = {
      device: device.kind,
      dtype: exactInUse ? REDUCED_DTYPE[device.kind] : 'fp32',
      ...(signal === undefined ? {} : { signal }),
    };
    // As in `load`: a phase can arrive after the end that it led to.
    let loaded = false;
    const second = await this.#executor.loadModel(source, options, (phase) => {
      if (!loaded && phase.phase !== 'ready' && phase.phase !== 'failed') onStep(phase);
    });
    loaded = true;
    try {
      const { dtype, dtypeReason } = second.info.device;
      if (dtype === device.dtype) throw noOtherDtype(dtypeReason);
      const [exact, reduced] = exactInUse ? [model, second] : [second, model];
      return await holdAgainst(exact, reduced, pixelValues, masks, {
        ...(signal === undefined ? {} : { signal }),
        onRun: (run) => onStep({ phase: 'comparing', run, runs: masks.length }),
      });
    } finally {
      await second.dispose();
    }
  }

  async interpolate(
    imageId: string,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
  ): Promise<Interpolation> {
    this.#throwIfDisposed();
    const { pixelValues, preprocessor } = this.#image(imageId, imageWidth(geometry));
    return this.#executor.interpolate(await pixelValues(), mask, geometry, preprocessor);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#loading?.abort();
    this.#executor.dispose();
    this.#images.clear();
    this.#model = null;
  }

  #image(id: string, imageSize: number): KeptImage {
    const image = this.#images.get(id);
    if (image === undefined || image.imageSize !== imageSize)
      throw new LensError('image-unsupported/other-model');
    return image;
  }

  async #run<Answer>(
    imageId: string,
    run: (model: LoadedModel, pixelValues: Float32Array) => Promise<Answer>,
  ): Promise<Answer> {
    this.#throwIfDisposed();
    const model = this.#model;
    if (model === null) throw new LensError('engine-failed/no-model');
    const pixelValues = await this.#image(imageId, model.info.config.image_size).pixelValues();
    try {
      return await run(model, pixelValues);
    } catch (error) {
      if (!(error instanceof LensError) || !RECOVERABLE.has(error.code) || this.#reload === null) throw error;
      // Another load may have replaced the broken model already.
      if (this.#model === model) await this.#recover(error);
      return this.#run(imageId, run);
    }
  }

  /** Loads the model again after its device or its worker went away; rejects when that keeps happening. */
  async #recover(error: LensError): Promise<void> {
    this.#deviceLosses += 1;
    if (this.#deviceLosses > MAX_DEVICE_LOSSES + 1) throw error;
    await this.#reload?.(this.#deviceLosses > MAX_DEVICE_LOSSES ? 'wasm' : undefined);
  }

  #throwIfDisposed(): void {
    if (this.#disposed) throw new LensError('engine-failed/shut-down');
  }
}

function noOtherDtype(reason: DtypeReason | undefined): LensError {
  if (reason === undefined) return new LensError('device-unavailable/one-dtype');
  // Of each key these are the parameters.
  return new LensError(`device-unavailable/${reason.key}`, reason.params as never);
}

const RECOVERABLE = new Set(['device-lost', 'worker-died']);

/** Calls once and keeps the result; after a rejection the next call tries again. */
function keepResult<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

/** So that it is ready when a run asks for it; a failure is told to that run, which tries again. */
function begin(pixelValues: () => Promise<Float32Array>): void {
  pixelValues().catch(() => undefined);
}

function cancellation(): LensError {
  return new LensError('cancelled/model');
}
