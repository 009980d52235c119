/**
 * An error that a visitor can act on. The message is a whole sentence or two in plain words: what is wrong,
 * and what to do about it. The code is stable and names the cause, for tests and for the page's own choices.
 */
export class LensError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LensError';
    this.code = code;
  }
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
