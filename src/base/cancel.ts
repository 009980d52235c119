import { LensError } from './errors.ts';

/** Throws `cancelled` once the signal has been given. */
export function throwIfCancelled(signal: AbortSignal | undefined, message = 'Loading was cancelled.'): void {
  if (signal?.aborted === true) throw new LensError('cancelled', message);
}
