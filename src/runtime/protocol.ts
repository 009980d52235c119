/** What page and workers say to each other: calls over Comlink, errors as in errors.ts. */
import type { PreprocessorConfig } from '../image/processor.ts';
import type {
  DeviceChoice,
  MaskInput,
  ModelInfo,
  ModelPhase,
  ModelSource,
  Reconstruction,
} from './engine.ts';
import type { OpenedPicture } from './picture.ts';

export interface ModelWorker {
  /** Once for each worker. */
  load(source: ModelSource, device: DeviceChoice, onPhase: (phase: ModelPhase) => void): Promise<ModelInfo>;
  reconstruct(pixelValues: Float32Array, mask: MaskInput): Promise<Reconstruction>;
}

export interface PictureWorker {
  open(picture: Blob, imageSize: number, preprocessor: PreprocessorConfig): Promise<OpenedPicture>;
  /** @returns [3, S, S], normalised */
  toPixelValues(
    rgb: Uint8ClampedArray,
    imageSize: number,
    preprocessor: PreprocessorConfig,
  ): Promise<Float32Array>;
}
