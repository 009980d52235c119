/** Calls to a model that lives in a worker: an image crosses once, answers move instead of being copied. */
import { transferred } from '../transferred.ts';
import type { Answer, Calls, Input, Run } from './calls.ts';

/** What the worker answers. */
export type RemoteRun<C extends Calls<C>> = <Name extends keyof C>(
  name: Name,
  /** Null for the image of the call before. */
  pixelValues: Float32Array | null,
  input: Input<C, Name>,
) => Promise<Answer<C, Name>>;

/**
 * The worker's side.
 * @param run null while there is no model
 */
export function receiving<C extends Calls<C>>(run: () => Run<C> | null): RemoteRun<C> {
  let last: Float32Array | null = null;
  return async (name, pixelValues, input) => {
    last = pixelValues ?? last;
    const ready = run();
    if (ready === null || last === null) throw new Error('There is no model or no image yet.');
    return transferred(await ready(name, last, input));
  };
}

/** The other side. */
export function sending<C extends Calls<C>>(remote: RemoteRun<C>): Run<C> {
  let sent: Float32Array | null = null;
  return (name, pixelValues, input) => {
    const known = sent === pixelValues;
    sent = pixelValues;
    return remote(name, known ? null : pixelValues, input);
  };
}
