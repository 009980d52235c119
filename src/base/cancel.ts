import { type ErrorKey, LensError } from './errors.ts';

type CancelKey = Extract<ErrorKey, `cancelled/${string}`>;

/** What something that was cancelled rejects with. */
export function cancelled(key: CancelKey = 'cancelled/loading', cause?: unknown): LensError {
  return new LensError(key, undefined, { cause });
}

/** Throws `cancelled` once the signal has been given. */
export function throwIfCancelled(signal: AbortSignal | undefined, key?: CancelKey): void {
  if (signal?.aborted === true) throw cancelled(key);
}
