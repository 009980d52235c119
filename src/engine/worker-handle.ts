import { type Remote, releaseProxy, wrap } from 'comlink';
import { LensError } from '../base/errors.ts';

/** A worker, and what to do when it ends early. */
export class WorkerHandle<T> {
  readonly remote: Remote<T>;
  readonly #worker: Worker;
  readonly #ended: Promise<never>;
  #end: (error: LensError) => void = () => undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.remote = wrap<T>(worker);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#ended.catch(() => undefined);
    const died = (event: Event) => {
      const reason = event instanceof ErrorEvent ? event.message : null;
      this.terminate(new LensError('worker-died/stopped', { reason }));
    };
    worker.addEventListener('error', died);
    worker.addEventListener('messageerror', died);
  }

  /** The call's result, or the error that ended the worker; Comlink alone would wait for ever. */
  call<R>(run: (remote: Remote<T>) => Promise<R>): Promise<R> {
    return Promise.race([run(this.remote), this.#ended]);
  }

  terminate(error: LensError): void {
    this.#end(error);
    this.remote[releaseProxy]();
    this.#worker.terminate();
  }
}
