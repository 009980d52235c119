import { errors } from '../locales/en/errors.ts';

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
    super(keyed ? englishOf(key, params) : String(params), options);
    this.name = 'LensError';
    this.code = codeOf(key);
    this.key = keyed ? key : null;
    this.params = keyed ? params : undefined;
  }
}

function isKey(key: string): key is ErrorKey {
  return Object.hasOwn(errors, key);
}

function codeOf(key: string): ErrorCode {
  const slash = key.indexOf('/');
  return (slash === -1 ? key : key.slice(0, slash)) as ErrorCode;
}

function englishOf(key: ErrorKey, params: unknown): string {
  const words = errors[key] as string | ((params: unknown) => string);
  return typeof words === 'function' ? words(params) : words;
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

/** The error as a LensError; one that is not is wrapped under `code`, its own message kept as the reason. */
export function toLensError(error: unknown, code: ErrorCode, what: string): LensError {
  if (error instanceof LensError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LensError(code, `${what} (${reason})`, { cause: error });
}

/**
 * A file of the page itself did not arrive: no network, or a newer page lies on the server, where the older one's files
 * are gone.
 */
export function partMissing(cause: unknown): LensError {
  return new LensError(
    'network',
    'A part of this page could not be loaded. Check the connection and try again. If that does not help, the page was renewed on its server: reload it. The address keeps the mask.',
    { cause },
  );
}
