/** What page and workers say to each other: calls over Comlink, errors as in errors.ts. */
import type { PreprocessorConfig } from '../image/processor.ts';
import type {
  Interpolation,
  InterpolationGeometry,
  LoadOptions,
  MaskInput,
  ModelInfo,
  ModelPhase,
  ModelSource,
  PredictionBatch,
  Reconstruction,
} from './engine.ts';
import type { PictureInput } from './picture.ts';

export interface ModelWorker {
  /** Once for each worker. */
  load(
    source: ModelSource,
    options: Omit<LoadOptions, 'signal'>,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo>;
  reconstruct(pixelValues: Float32Array, mask: MaskInput): Promise<Reconstruction>;
  predict(pixelValues: Float32Array, masks: readonly MaskInput[]): Promise<PredictionBatch>;
}

export interface PictureWorker {
  prepare(picture: Blob, imageSize: number, preprocessor: PreprocessorConfig): Promise<PictureInput>;
  interpolate(
    pixelValues: Float32Array,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
    preprocessor: PreprocessorConfig,
  ): Promise<Interpolation>;
}
