/** What page and workers say to each other: calls over Comlink, errors as in errors.ts. */
import type { WeightType } from '../graph/builder.ts';
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
import type { ExportOrder, ExportProgress } from '../onnx-export/export-model.ts';
import type { PickedFile } from '../onnx-export/target.ts';
import type { OpenedImage } from './images/open-image.ts';
import type { PortableModel } from '../onnx-export/portable-files.ts';

export interface ModelWorker {
  /** Once for each worker. */
  load(
    source: ModelSource,
    options: Omit<LoadOptions, 'signal'>,
    onPhase: (phase: ModelPhase) => void,
  ): Promise<ModelInfo>;
  /** @param pixelValues null for the image of the call before, so that it need not be sent again */
  reconstruct(pixelValues: Float32Array | null, mask: MaskInput): Promise<Reconstruction>;
  /** As `reconstruct`. */
  predict(pixelValues: Float32Array | null, masks: readonly MaskInput[]): Promise<PredictionBatch>;
}

export interface ImageWorker {
  open(image: Blob, imageSize: number, preprocessor: PreprocessorConfig): Promise<OpenedImage>;
  /** @returns [3, S, S], normalised */
  toPixelValues(
    rgb: Uint8ClampedArray,
    imageSize: number,
    preprocessor: PreprocessorConfig,
  ): Promise<Float32Array>;
  interpolate(
    pixelValues: Float32Array,
    mask: Uint8Array,
    geometry: InterpolationGeometry,
    preprocessor: PreprocessorConfig,
  ): Promise<Interpolation>;
}

export interface ExportWorker {
  /** Sizes of the archive, in bytes. */
  sizes(model: PortableModel): Promise<Readonly<Record<WeightType, number>>>;
  /**
   * Once for each worker.
   * @param picked the visitor's own file; null for the browser's downloads, which then get the returned blob
   */
  save(
    order: ExportOrder,
    picked: PickedFile | null,
    onProgress: (progress: ExportProgress) => void,
  ): Promise<Blob | null>;
  /** Makes `save` clear away what it wrote, and reject. */
  cancel(): Promise<void>;
}
