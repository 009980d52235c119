import { cancelled } from '../../base/cancel.ts';

/** One at a time for each name. */
export type Lock = <T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/** A lock within this thread. */
export function localLock(): Lock {
  const last = new Map<string, Promise<unknown>>();
  return async (name, signal, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const { promise: mine, resolve: release } = withResolvers();
    // Later ones wait for the ones before me too, even when I give up waiting.
    const queue = before.then(() => mine);
    last.set(name, queue);
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      release();
      if (last.get(name) === queue) last.delete(name);
    }
  };
}

/** A lock across all tabs and workers of this site, where the browser has one. */
export function siteLock(prefix: string): Lock {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined) return localLock();
  return async <T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    let begun = false;
    try {
      return await locks.request(`${prefix}${name}`, signal === undefined ? {} : { signal }, () => {
        begun = true;
        return work();
      });
    } catch (error) {
      if (!begun && signal?.aborted === true) throw cancelled('cancelled/loading', error);
      throw error;
    }
  };
}

function untilAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled('cancelled/loading', signal.reason));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then((value) => {
      signal.removeEventListener('abort', abort);
      resolve(value);
    }, reject);
  });
}

/** Promise.withResolvers, which some supported browsers lack. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
