/**
 * What a model can be asked about an image. A new call is a line in `ModelCalls` and a function in `forward.ts`:
 * worker, page and tests follow from the two.
 */
import type { ModelInfo } from './model-types.ts';

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
  /** [L, p·p·3], every patch, kept ones included, in normalised pixel space, as `reconstructionPanel` takes it. */
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

/** Each call's input, besides the image, and its answer. A mask goes as its kept patches, [len_keep]: all else follows. */
export interface ModelCalls {
  reconstruct(idsKeep: Int32Array): Reconstruction;
  /** One forward pass over masks that keep equally many patches. */
  predict(idsKeep: readonly Int32Array[]): PredictionBatch;
}

/** Any such list of calls. */
// biome-ignore lint/suspicious/noExplicitAny: the input of a call that is not known yet
export type Calls<C> = { readonly [Name in keyof C]: (input: any) => unknown };
export type Input<C extends Calls<C>, Name extends keyof C> = Parameters<C[Name]>[0];
export type Answer<C extends Calls<C>, Name extends keyof C> = ReturnType<C[Name]>;

/** How a model does each of them. */
export type Implementation<Model, C extends Calls<C>> = {
  readonly [Name in keyof C]: (
    model: Model,
    pixelValues: Float32Array,
    input: Input<C, Name>,
  ) => Promise<Answer<C, Name>>;
};

/** Asks one of them. */
export type Run<C extends Calls<C>> = <Name extends keyof C>(
  name: Name,
  /** [3, S, S], normalised as `info.preprocessor` says. */
  pixelValues: Float32Array,
  input: Input<C, Name>,
) => Promise<Answer<C, Name>>;

/** A model that is ready to paint, in this thread or in a worker. */
export interface LoadedModel {
  readonly info: ModelInfo;
  readonly run: Run<ModelCalls>;
  dispose(): Promise<void>;
}

/** A model in this thread, with all that is done with it. */
export function runOn<Model, C extends Calls<C>>(model: Model, calls: Implementation<Model, C>): Run<C> {
  return (name, pixelValues, input) => calls[name](model, pixelValues, input);
}
