/** What the page asks of a worker that owns a model: calls over Comlink, errors as in worker-errors.ts. */
import type {
  LoadOptions,
  MaskInput,
  ModelInfo,
  ModelPhase,
  ModelSource,
  PredictionBatch,
  Reconstruction,
} from '../engine.ts';

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
