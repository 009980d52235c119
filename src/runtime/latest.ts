import { LensError } from '../mae/errors.ts';

interface Waiting<I, O> {
  readonly input: I;
  readonly resolve: (output: O) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs one call at a time and keeps only the newest of those that wait: while a slider is dragged, the
 * settings in between are of no interest any more. A call that is overtaken rejects with `cancelled`.
 */
export function latestWins<I, O>(run: (input: I) => Promise<O>): (input: I) => Promise<O> {
  let waiting: Waiting<I, O> | null = null;
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting !== null) {
      const { input, resolve, reject } = waiting;
      waiting = null;
      await run(input).then(resolve, reject);
    }
    running = false;
  }

  return (input) =>
    new Promise<O>((resolve, reject) => {
      waiting?.reject(new LensError('cancelled', 'Newer settings took the place of these.'));
      waiting = { input, resolve, reject };
      if (!running) void drain();
    });
}
