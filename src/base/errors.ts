import type { errors } from '../locales/en/errors.ts';

type Errors = typeof errors;

/** One sentence that an error can say: `code/name`, as in `locales/en/errors.ts`. */
export type ErrorKey = keyof Errors;

/** What stands in that sentence; undefined where nothing does. */
export type ErrorParams<K extends ErrorKey> = Errors[K] extends (params: infer P) => string ? P : undefined;

type Rest<K extends ErrorKey> =
  ErrorParams<K> extends undefined
    ? [params?: undefined, options?: ErrorOptions]
    : [params: ErrorParams<K>, options?: ErrorOptions];

/**
 * An error that a visitor can act on: a key, and what stands in its sentence, so that the page can say it in its own
 * language. `message` is the English sentence: what is wrong, and what to do about it. The code is stable and names
 * the cause, for tests and for the page's own choices.
 */
export class LensError<K extends ErrorKey = ErrorKey> extends Error {
  readonly code: ErrorCode;
  readonly key: ErrorKey | null;
  readonly params: unknown;

  constructor(key: K, ...rest: Rest<K>);
  constructor(code: ErrorCode, message: string, options?: ErrorOptions);
  constructor(key: K | ErrorCode, params?: unknown, options?: ErrorOptions) {
    const keyed = isKey(key);
    super(keyed ? undefined : String(params), options);
    this.name = 'LensError';
    this.code = codeOf(key);
    this.key = keyed ? key : null;
    this.params = keyed ? params : undefined;
    // When it is asked for: the sentences of what comes later come later too.
    if (keyed)
      Object.defineProperty(this, 'message', { get: () => sentenceOf(key, params), configurable: true });
  }
}

type Sentence = string | ((params: never) => string);

const known: Record<string, Sentence> = {};

/**
 * Adds the sentences of errors. What throws a key knows no words, so that what is loaded first stays light. All of them
 * come by `english.ts`, with what opens checkpoints, lists models or runs one.
 */
export function learnSentences(sentences: Readonly<Partial<Record<ErrorKey, Sentence>>>): void {
  Object.assign(known, sentences);
}

function isKey(key: string): key is ErrorKey {
  return key.includes('/');
}

function codeOf(key: string): ErrorCode {
  const slash = key.indexOf('/');
  return (slash === -1 ? key : key.slice(0, slash)) as ErrorCode;
}

/** The key itself where nobody has taught its sentence. */
function sentenceOf(key: ErrorKey, params: unknown): string {
  const sentence = known[key] ?? key;
  return typeof sentence === 'function' ? sentence(params as never) : sentence;
}

/** Every cause that the page can tell apart. */
export type ErrorCode =
  | 'config-invalid'
  | 'config-unsupported'
  | 'mask-invalid'
  | 'seed-invalid'
  | 'image-empty'
  | 'not-an-image'
  | 'image-unsupported'
  | 'image-broken'
  | 'image-too-large'
  | 'checkpoint-malformed'
  | 'checkpoint-missing-tensor'
  | 'checkpoint-wrong-shape'
  | 'checkpoint-unsupported'
  | 'network'
  | 'not-found'
  | 'cancelled'
  | 'device-unavailable'
  | 'device-lost'
  | 'device-wrong'
  | 'out-of-memory'
  | 'storage-full'
  | 'engine-failed'
  | 'worker-died';

/** The keys of sentences that quote, as `reason`, what another program said. */
type QuotingKey = {
  [K in ErrorKey]: ErrorParams<K> extends { readonly reason: string } ? K : never;
}[ErrorKey];

type OtherParams<K extends QuotingKey> = Omit<ErrorParams<K>, 'reason'>;

/** The error as a LensError. One that is not is wrapped under `key`, its own message kept as the reason. */
export function toLensError<K extends QuotingKey>(
  error: unknown,
  key: K,
  ...[params]: keyof OtherParams<K> extends never ? [] : [params: OtherParams<K>]
): LensError {
  if (error instanceof LensError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // The type of `params` has held them against the key.
  return new LensError(key, { ...params, reason } as never, { cause: error });
}

/**
 * A file of the page itself did not arrive: no network, or a newer page lies on the server, where the older one's files
 * are gone.
 */
export function partMissing(cause: unknown): LensError {
  return new LensError('network/part-missing', undefined, { cause });
}
