import { cancelled, throwIfCancelled } from '../../base/cancel.ts';
import type { LensError } from '../../base/errors.ts';

/** A failure that may pass by itself. */
export class PassingFailure extends Error {
  /** What to say when it does not pass. */
  readonly error: LensError;
  /** How long the server asks to wait; null where it does not say. */
  readonly waitMs: number | null;

  constructor(error: LensError, waitMs: number | null = null) {
    super(error.message, { cause: error });
    this.name = 'PassingFailure';
    this.error = error;
    this.waitMs = waitMs;
  }
}

/** Patience with a network. */
export interface Patience {
  /** How long to wait before each further try, in milliseconds; as many tries as there are waits. */
  readonly waitsMs: readonly number[];
  /** A connection over which nothing comes for so long, in milliseconds, counts as broken. */
  readonly silenceMs: number;
}

export const PATIENCE: Patience = { waitsMs: [500, 1000, 2000, 4000, 8000], silenceMs: 30_000 };

/** A server may ask for minutes; a visitor would rather be told. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Counts failures in a row and waits between them.
 * @throws the failure's error once patience is at its end, and `cancelled`
 */
export class Tries {
  readonly #waits: readonly number[];
  readonly #signal: AbortSignal | undefined;
  #failures = 0;

  constructor(waitsMs: readonly number[], signal: AbortSignal | undefined) {
    this.#waits = waitsMs;
    this.#signal = signal;
  }

  /** There was progress: patience begins anew. */
  succeed(): void {
    this.#failures = 0;
  }

  /**
   * @param most how many failures in a row to bear, where fewer than there are waits
   * @param onWait told before each wait
   */
  async fail(failure: PassingFailure, most: number, onWait: () => void): Promise<void> {
    const wait = this.#failures < most ? this.#waits[this.#failures] : undefined;
    this.#failures += 1;
    if (wait === undefined || (failure.waitMs ?? 0) > LONGEST_WAIT_MS) throw failure.error;
    onWait();
    await pause(Math.max(wait, failure.waitMs ?? 0), this.#signal);
  }
}

/** Resolves after `ms`, or rejects with `cancelled` at once when the signal is given. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfCancelled(signal);
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Aborts when the caller does, and when nothing has happened for a while. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #silenceMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #follow = () => this.#controller.abort(this.#signal?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(silenceMs: number, signal: AbortSignal | undefined) {
    this.#silenceMs = silenceMs;
    this.#signal = signal;
    if (signal?.aborted === true) this.#follow();
    signal?.addEventListener('abort', this.#follow, { once: true });
    this.beat();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something happened. */
  beat(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`Nothing came for ${this.#silenceMs / 1000} s.`)),
      this.#silenceMs,
    );
  }

  /** Ends the watch, and the request with it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#follow);
    this.#controller.abort();
  }
}
