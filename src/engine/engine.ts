/**
 * The one interface between the page and the model. `LensEngine` implements it once, over an
 * `Executor` that does the heavy work in the calling thread (tests, Node) or in workers (the page).
 */
import type { Masking } from '../mae/masking.ts';
import type { Agreement, AgreementStep } from './agreement-types.ts';
import type { Interpolation, InterpolationGeometry, PreparedImage } from './images/image-types.ts';
import type { Prediction, PredictionBatch, Reconstruction } from './model/calls.ts';
import type { LoadOptions, ModelInfo, ModelPhase, ModelSource } from './model/model-types.ts';

// What the page needs to talk with it.
export type {
  Agreement,
  AgreementStep,
  Interpolation,
  InterpolationGeometry,
  LoadOptions,
  ModelInfo,
  ModelPhase,
  ModelSource,
  Prediction,
  PredictionBatch,
  PreparedImage,
  Reconstruction,
};

/** Which patches are masked: what `randomMasking` (or any other strategy) gives. */
export type MaskInput = Pick<Masking, 'idsKeep' | 'idsRestore' | 'mask'>;

export interface Engine {
  /**
   * Loads a model and makes it ready. The last good model stays in use until the new one is ready; a failure
   * rejects with a LensError and leaves it in place. A later call, or the signal, cancels an earlier one
   * (code `cancelled`).
   */
  load(source: ModelSource, options: LoadOptions, onPhase: (phase: ModelPhase) => void): Promise<ModelInfo>;

  /**
   * Decodes an image and prepares it for an input of S x S pixels. Needs no model. The images prepared last
   * are kept, so that `reconstruct` needs only their id.
   */
  prepare(image: Blob, imageSize: number): Promise<PreparedImage>;

  /**
   * Runs encoder and decoder. Calls run one after another, in their order; who follows a slider asks for the newest
   * settings when the last answer is there, as `store/result/reconstruction.ts` does.
   */
  reconstruct(imageId: string, mask: MaskInput): Promise<Reconstruction>;

  /**
   * Runs encoder and decoder once over a batch: the same image under each of these masks. Takes its turn among
   * the calls of `reconstruct`, so small batches leave room for them.
   * @param masks at least one, all keeping the same number of patches (LensError `mask-invalid` otherwise)
   */
  predict(imageId: string, masks: readonly MaskInput[]): Promise<PredictionBatch>;

  /**
   * Loads the model in use once more, runs both under each of these masks, and lets the second go again. The second
   * is in float32; where that runs already, it is in the precision that the device has beside it: int8 on
   * WebAssembly, float16 on WebGPU. Takes as much memory as the second needs; the model in use answers meanwhile.
   * Rejects with a LensError, `device-unavailable` where the device has no other dtype.
   */
  measureAgreement(
    imageId: string,
    masks: readonly MaskInput[],
    onStep: (step: AgreementStep) => void,
    signal?: AbortSignal,
  ): Promise<Agreement>;

  /** Fills the masked patches without any learning. Needs no model, and does not wait for one. */
  interpolate(imageId: string, mask: Uint8Array, geometry: InterpolationGeometry): Promise<Interpolation>;

  /** Ends it and frees what it holds; every later call rejects. */
  dispose(): Promise<void>;
}
