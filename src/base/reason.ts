import type { reasons } from '../locales/en/reasons.ts';
import type { Words } from '../locales/words.ts';
import { type ErrorKey, LensError } from './errors.ts';

type Reasons = typeof reasons;

/** One sentence that tells why something is not as it was asked for, as in `locales/en/reasons.ts`. */
export type ReasonKey = keyof Reasons;

/** An error that is told within a reason; what other programs threw is in their own words. */
export type Problem =
  | { readonly key: ErrorKey; readonly params: unknown }
  | { readonly key: null; readonly message: string };

type Params<K extends ReasonKey> = K extends 'wasm-instead'
  ? { readonly problem: Problem }
  : Reasons[K] extends (params: infer P) => string
    ? P
    : undefined;

type Told<K extends ReasonKey, P> = P extends undefined
  ? { readonly key: K; readonly params?: undefined }
  : { readonly key: K; readonly params: P };

/** A reason as workers and the store pass it on; only the page puts it into words. */
export type Reason<K extends ReasonKey = ReasonKey> = { [One in K]: Told<One, Params<One>> }[K];

/** Why a model does not compute in a dtype. */
export type DtypeReasonKey = Extract<ReasonKey, `${'fp16' | 'q8'}-${string}`>;
export type DtypeReason = Reason<DtypeReasonKey>;

/** The same before it is known what the model computes in instead. */
export type DtypeObstacle = {
  [K in DtypeReasonKey]: { readonly key: K; readonly params: Omit<Params<K>, 'running'> };
}[DtypeReasonKey];

type ReasonWords = Pick<Words, 'reasons'>;

export function problemOf(error: unknown): Problem {
  if (error instanceof LensError && error.key !== null) return { key: error.key, params: error.params };
  return { key: null, message: error instanceof Error ? error.message : String(error) };
}

export function reasonText(reason: Reason, words: ReasonWords): string {
  const { key, params } = reason;
  if (key === 'wasm-instead') return words.reasons[key]({ problem: problemText(params.problem) });
  return say(words.reasons[key], params);
}

function problemText(problem: Problem): string {
  return problem.key === null ? problem.message : new LensError(problem.key, problem.params as never).message;
}

/** Which parameters a sentence takes, the types of what is told have settled. */
function say(words: unknown, params: unknown): string {
  return typeof words === 'function' ? words(params) : String(words);
}
