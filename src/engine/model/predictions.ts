/** What a model is asked and what it answers. */

/** Which patches are hidden: what `randomMasking` (or any other strategy) gives. */
export interface MaskInput {
  /** [len_keep], in the order in which the encoder sees them. */
  readonly idsKeep: Int32Array;
  /** [L] */
  readonly idsRestore: Int32Array;
  /** [L], 1 = removed. */
  readonly mask: Uint8Array;
}

export interface Reconstruction {
  /** The prediction for every patch, [S, S, 3]. */
  readonly reconstruction: Uint8ClampedArray;
  /** The reference's loss; null when no patch is masked (0/0). */
  readonly loss: number | null;
  /** Mean squared error of each patch in the loss's space, [L]. */
  readonly patchErrors: Float32Array;
  readonly encoderMs: number;
  readonly decoderMs: number;
}

/** What the model paints under one of several masks, as numbers and not yet as a panel. */
export interface Prediction {
  /** [L, p·p·3], every patch, visible ones included, in normalised pixel space, as `reconstructionPanel` takes it. */
  readonly patches: Float32Array;
  /** As in `Reconstruction`. */
  readonly loss: number | null;
  readonly patchErrors: Float32Array;
}

/** One forward pass over a batch. */
export interface PredictionBatch {
  /** One for each mask, in their order. */
  readonly predictions: readonly Prediction[];
  readonly encoderMs: number;
  readonly decoderMs: number;
}
