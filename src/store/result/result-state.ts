import type { LensError } from '../../base/errors.ts';
import type { Interpolation, ModelInfo, PreparedImage } from '../../engine/engine.ts';
import type { Masking } from '../mask/masking.ts';

/** A reconstruction with everything that made it. */
export interface Result {
  readonly imageKey: number;
  readonly masking: Masking;
  /** [S, S, 3] */
  readonly reconstruction: Uint8ClampedArray;
  readonly loss: number | null;
  /** [L], visible patches included, in the loss's space; null for one that was computed ahead. */
  readonly patchErrors: Float32Array | null;
  /** Null for one that was computed ahead. */
  readonly timing: { readonly encoderMs: number; readonly decoderMs: number } | null;
  readonly modelName: string;
  /** Null for one that was computed ahead. */
  readonly model: ModelInfo | null;
}

/** Everything that interpolation goes by. */
export interface InterpolationJob {
  readonly imageKey: number;
  readonly prepared: PreparedImage;
  readonly masking: Masking;
  /** Whether the loss is in the space of normalised patches, as that of the model in use. */
  readonly normPixLoss: boolean;
}

/** An interpolation with everything that made it. */
export interface InterpolationResult extends InterpolationJob, Interpolation {}

export interface ResultState {
  readonly result: Result | null;
  /** Why the newest settings have no result. */
  readonly resultError: LensError | null;
  /** The last one, for as long as there is no newer one. */
  readonly interpolation: InterpolationResult | null;
  /** Why there is none for this image and mask. */
  readonly interpolationFailure: { readonly job: InterpolationJob; readonly error: LensError } | null;
}

export function startResult(): ResultState {
  return { result: null, resultError: null, interpolation: null, interpolationFailure: null };
}
