/**
 * One thing at a time, first in, first out. Two overlapping calls into the runtime on WebGPU, even on two
 * sessions, kill the page, so creating, running and releasing sessions all go through one queue per thread.
 * A failed task does not hold up the next.
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
