/**
 * The rate at which a slow model follows a hand. A fast one runs at every change, and the newest waits for at most one
 * other. A slow one would keep the processor busy with images that are out of date when they come, so while the hand
 * moves it runs less often, and always once the hand rests.
 */
import type { JobRunner } from './job-runner.ts';

/** A forward pass that takes longer than this, in milliseconds, cannot follow a hand. */
export const LIVE_LIMIT_MS = 80;
/** Changes that follow each other within this are one movement. */
const MOVEMENT_MS = 250;
/** A hand that has not moved for this long rests. */
const REST_MS = 120;
/** While the hand moves a slow model works for at most one part in so many of the time. */
const SHARE = 3;

export interface ThrottledRunner<Job> extends JobRunner<Job> {
  /** The hand is off: what waits for it runs now. */
  rest(): void;
}

/** What waits for the hand to rest, until it starts or is dropped. */
interface Held<Job> {
  readonly job: Job;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly ended: Promise<void>;
  end(): void;
}

/** @param forwardMs what a forward pass takes at present; null while that is not known */
export function throttled<Job>(runner: JobRunner<Job>, forwardMs: () => number | null): ThrottledRunner<Job> {
  let lastChange = Number.NEGATIVE_INFINITY;
  let lastStart = Number.NEGATIVE_INFINITY;
  let held: Held<Job> | null = null;

  function start(job: Job): void {
    lastStart = performance.now();
    runner.request(job);
  }

  function drop(): void {
    if (held === null) return;
    clearTimeout(held.timer);
    held.end();
    held = null;
  }

  function rest(): void {
    const waiting = held;
    drop();
    if (waiting !== null) start(waiting.job);
  }

  return {
    request(job) {
      const now = performance.now();
      const moving = now - lastChange < MOVEMENT_MS;
      lastChange = now;
      drop();
      const pass = forwardMs() ?? 0;
      if (pass <= LIVE_LIMIT_MS || !moving || now - lastStart >= SHARE * pass) {
        start(job);
        return;
      }
      // What is waiting in the runner is older than this.
      runner.forget();
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      held = { job, timer: setTimeout(rest, REST_MS), ended, end };
    },
    forget() {
      drop();
      runner.forget();
    },
    rest,
    working() {
      const running = runner.working();
      if (held === null) return running;
      return running === null ? held.ended : Promise.all([held.ended, running]).then(() => undefined);
    },
  };
}
