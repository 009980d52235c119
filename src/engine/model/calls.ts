/**
 * The calls to a model. A new one is one line in `MODEL_CALLS` and one implementation in painter.ts; the protocol, the
 * worker, its handle on the page and the engine follow from the line.
 */
import type { MaskInput, PredictionBatch, Reconstruction } from './predictions.ts';

interface Call<Input, Output> {
  /** What crosses to the worker: no more than the model needs, though the caller's object may hold more. */
  readonly send: (input: Input) => Input;
  /** Only for its type. */
  readonly output?: Output;
}

function call<Input, Output>(send: (input: Input) => Input): Call<Input, Output> {
  return { send };
}

const bare = ({ idsKeep, idsRestore, mask }: MaskInput): MaskInput => ({ idsKeep, idsRestore, mask });

export const MODEL_CALLS = {
  /** Runs encoder and decoder under one mask. */
  reconstruct: call<MaskInput, Reconstruction>(bare),
  /**
   * Runs them once over a batch: the same image under each of these masks. There is at least one, and all keep the same
   * number of patches (LensError `mask-invalid` otherwise).
   */
  predict: call<readonly MaskInput[], PredictionBatch>((masks) => masks.map(bare)),
} as const;

export type ModelCall = keyof typeof MODEL_CALLS;
export type CallInput<C extends ModelCall> = Parameters<(typeof MODEL_CALLS)[C]['send']>[0];
export type CallOutput<C extends ModelCall> = NonNullable<(typeof MODEL_CALLS)[C]['output']>;

/** Every call, as a method on an image: named by its id, or as pixel_values [C, H, W]. */
export type CallsOn<Image> = {
  readonly [C in ModelCall]: (image: Image, input: CallInput<C>) => Promise<CallOutput<C>>;
};

/** Any of the calls, by its name. */
export type AnyCall<Image> = <C extends ModelCall>(
  name: C,
  image: Image,
  input: CallInput<C>,
) => Promise<CallOutput<C>>;

/** The methods that a function for any call amounts to. */
export function callsBy<Image>(any: AnyCall<Image>): CallsOn<Image> {
  const methods = Object.keys(MODEL_CALLS).map((name) => [
    name,
    (image: Image, input: CallInput<ModelCall>) => any(name as ModelCall, image, input),
  ]);
  return Object.fromEntries(methods) as CallsOn<Image>;
}

/** Calls one of the methods by its name. */
export function callOf<Image, C extends ModelCall>(
  calls: CallsOn<Image>,
  name: C,
  image: Image,
  input: CallInput<C>,
): Promise<CallOutput<C>> {
  const method: (image: Image, input: CallInput<C>) => Promise<CallOutput<C>> = calls[name];
  return method.call(calls, image, input);
}

/** What crosses to the worker of a call's input. */
export function sent<C extends ModelCall>(name: C, input: CallInput<C>): CallInput<C> {
  const { send } = MODEL_CALLS[name] as unknown as Call<CallInput<C>, CallOutput<C>>;
  return send(input);
}

/** The memory of all typed arrays in an answer, each once: what leaves a worker without being copied. */
export function buffersOf(answer: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const collect = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) found.add(part.buffer);
    } else if (typeof part === 'object' && part !== null) {
      Object.values(part).forEach(collect);
    }
  };
  collect(answer);
  return [...found];
}
