import type { PreprocessorConfig } from '../image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { LensError } from '../mae/errors.ts';
import type {
  DeviceChoice,
  Engine,
  Fidelity,
  Interpolation,
  InterpolationGeometry,
  LoadOptions,
  MaskInput,
  ModelInfo,
  ModelPhase,
  ModelSource,
  PredictionBatch,
  PreparedPicture,
  Reconstruction,
} from './engine.ts';
import { measuredRun } from './engine-timing.ts';
import { holdAgainst } from './fidelity.ts';
import type { LoadedModel } from './load.ts';
import type { PictureInput } from './picture.ts';

/** The heavy work, in this thread or in workers. */
export interface Workshop {
  /** Each call gives a model of its own; the signal, or a later `dispose`, ends it whatever it is doing. */
  loadModel(
    source: ModelSource,
    options: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<LoadedModel>;
  preparePicture(picture: Blob, imageSize: number, preprocessor: PreprocessorConfig): Promise<PictureInput>;
  interpolate(
    pixelValues: Float32Array,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
    preprocessor: PreprocessorConfig,
  ): Promise<Interpolation>;
  dispose(): void;
}

/** Pictures that `reconstruct` can name: the shown one, the one before, and a margin. */
const KEPT_PICTURES = 4;
/** After this many losses of the GPU, WebAssembly takes over. */
const MAX_DEVICE_LOSSES = 2;

interface KnownPicture {
  /** [3, S, S] */
  readonly pixelValues: Float32Array;
  readonly imageSize: number;
  readonly preprocessor: PreprocessorConfig;
}

/** The engine: which model answers, and what happens when one fails; where the work is done is the workshop's matter. */
export class LensEngine implements Engine {
  readonly #workshop: Workshop;
  readonly #pictures = new Map<string, KnownPicture>();
  #model: LoadedModel | null = null;
  #source: ModelSource | null = null;
  #loading: AbortController | null = null;
  #reload: ((device?: DeviceChoice) => Promise<ModelInfo>) | null = null;
  #deviceLosses = 0;
  #pictureCount = 0;
  #disposed = false;

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
  }

  async load(
    source: ModelSource,
    { signal, ...options }: LoadOptions,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo> {
    this.#throwIfDisposed();
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const cancelled = signal === undefined ? loading.signal : AbortSignal.any([loading.signal, signal]);
    // A worker's phases and its answer come on two channels: a phase can arrive after the end that it led to.
    let ended = false;
    const tell = (phase: ModelPhase) => {
      if (!ended) onPhase(phase);
    };
    try {
      const model = await this.#workshop.loadModel(source, { ...options, signal: cancelled }, tell);
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

  async prepare(picture: Blob, imageSize: number): Promise<PreparedPicture> {
    this.#throwIfDisposed();
    const preprocessor = this.#model?.info.preprocessor ?? PUBLISHED_PREPROCESSOR;
    const { pixelValues, ...prepared } = await this.#workshop.preparePicture(
      picture,
      imageSize,
      preprocessor,
    );
    const id = `picture ${++this.#pictureCount}`;
    this.#pictures.set(id, { pixelValues, imageSize, preprocessor });
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= KEPT_PICTURES) break;
      this.#pictures.delete(oldest);
    }
    return { id, ...prepared };
  }

  async reconstruct(pictureId: string, mask: MaskInput): Promise<Reconstruction> {
    return measuredRun(mask, () =>
      this.#run(pictureId, (model, pixelValues) => model.reconstruct(pixelValues, mask)),
    );
  }

  async predict(pictureId: string, masks: readonly MaskInput[]): Promise<PredictionBatch> {
    const kept = masks[0]?.idsKeep.length;
    if (kept === undefined || masks.some(({ idsKeep }) => idsKeep.length !== kept))
      throw new LensError('mask-invalid', 'The masks of a batch must all keep the same number of patches.');
    return this.#run(pictureId, (model, pixelValues) => model.predict(pixelValues, masks));
  }

  async measureFidelity(
    pictureId: string,
    masks: readonly MaskInput[],
    onPhase: (phase: ModelPhase) => void,
    signal?: AbortSignal,
  ): Promise<Fidelity> {
    this.#throwIfDisposed();
    const model = this.#model;
    const source = this.#source;
    if (model === null || source === null) throw new LensError('engine-failed', 'No model is loaded yet.');
    const { pixelValues } = this.#picture(pictureId, model.info.config.image_size);
    const options = { device: model.info.device.kind, precision: 'float32' } as const;
    const cancel = signal === undefined ? {} : { signal };
    const exact = await this.#workshop.loadModel(source, { ...options, ...cancel }, onPhase);
    try {
      return await holdAgainst(exact, model, pixelValues, masks, signal);
    } finally {
      await exact.dispose();
    }
  }

  async interpolate(
    pictureId: string,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
  ): Promise<Interpolation> {
    this.#throwIfDisposed();
    const { pixelValues, preprocessor } = this.#picture(pictureId, geometry.image_size);
    return this.#workshop.interpolate(pixelValues, mask, geometry, preprocessor);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#loading?.abort();
    this.#workshop.dispose();
    this.#pictures.clear();
    this.#model = null;
  }

  #picture(id: string, imageSize: number): KnownPicture {
    const picture = this.#pictures.get(id);
    if (picture === undefined || picture.imageSize !== imageSize)
      throw new LensError('picture-unsupported', 'The picture has to be prepared again for this model.');
    return picture;
  }

  async #run<Answer>(
    pictureId: string,
    run: (model: LoadedModel, pixelValues: Float32Array) => Promise<Answer>,
  ): Promise<Answer> {
    this.#throwIfDisposed();
    const model = this.#model;
    if (model === null) throw new LensError('engine-failed', 'No model is loaded yet.');
    const { pixelValues } = this.#picture(pictureId, model.info.config.image_size);
    try {
      return await run(model, pixelValues);
    } catch (error) {
      if (!(error instanceof LensError) || !RECOVERABLE.has(error.code) || this.#reload === null) throw error;
      // Another load may have replaced the broken model already.
      if (this.#model === model) await this.#recover(error);
      return this.#run(pictureId, run);
    }
  }

  /** Loads the model again after its device or its worker went away; rejects when that keeps happening. */
  async #recover(error: LensError): Promise<void> {
    this.#deviceLosses += 1;
    if (this.#deviceLosses > MAX_DEVICE_LOSSES + 1) throw error;
    await this.#reload?.(this.#deviceLosses > MAX_DEVICE_LOSSES ? 'wasm' : undefined);
  }

  #throwIfDisposed(): void {
    if (this.#disposed)
      throw new LensError('engine-failed', 'The engine has been shut down. Reload the page.');
  }
}

const RECOVERABLE = new Set(['device-lost', 'worker-died']);

function cancellation(): LensError {
  return new LensError('cancelled', 'Loading the model was cancelled.');
}
