import { type ErrorKey, LensError } from './errors.ts';

type CancelKey = Extract<ErrorKey, `cancelled/${string}`>;

/** Throws `cancelled` once the signal has been given. */
export function throwIfCancelled(
  signal: AbortSignal | undefined,
  key: CancelKey = 'cancelled/loading',
): void {
  if (signal?.aborted === true) throw new LensError(key);
}
