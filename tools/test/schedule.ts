import type { Count } from './counts.ts';

export interface Step {
  readonly name: string;
  /** Steps that must have ended without a failure; it is not run when one of them has not. */
  readonly needs: readonly string[];
  /** Steps that must have ended, however they did. */
  readonly after: readonly string[];
  /** How many cores it keeps busy. */
  readonly cores: number;
  /** Runs it; says its output as it comes. */
  readonly run: (say: (text: string) => void) => Promise<Count>;
}

export interface Telling {
  readonly say: (name: string, text: string) => void;
  readonly finish: (name: string) => void;
}

const oneFailure: Count = { passed: 0, failed: 1, skipped: [] };

/**
 * Runs all steps, as many at a time as the cores allow, and gives their counts by name. A step that throws, and one
 * that cannot run because of another, has failed once; the others run all the same.
 */
export async function runSteps(
  steps: readonly Step[],
  cores: number,
  telling: Telling,
): Promise<ReadonlyMap<string, Count>> {
  const counts = new Map<string, Count>();
  const running = new Map<string, { readonly cores: number; readonly done: Promise<void> }>();
  const waiting = [...steps];

  const finish = (name: string, count: Count): void => {
    counts.set(name, count);
    running.delete(name);
    telling.finish(name);
  };

  const start = (step: Step): void => {
    const missing = step.needs.filter((name) => (counts.get(name)?.failed ?? 0) > 0);
    const say = (text: string): void => telling.say(step.name, text);
    if (missing.length > 0) {
      say(`${step.name}: not run, because it needs: ${missing.join(', ')}\n`);
      finish(step.name, oneFailure);
      return;
    }
    // Started in a later turn, so that `running` knows the step before it can end.
    const done = Promise.resolve()
      .then(() => step.run(say))
      .catch((error: unknown) => {
        say(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        return oneFailure;
      })
      .then((count) => finish(step.name, count));
    running.set(step.name, { cores: step.cores, done });
  };

  while (waiting.length > 0 || running.size > 0) {
    const free = cores - [...running.values()].reduce((sum, other) => sum + other.cores, 0);
    const next = waiting.findIndex(
      (step) =>
        [...step.needs, ...step.after].every((name) => counts.has(name)) &&
        (step.cores <= free || running.size === 0),
    );
    const [step] = next < 0 ? [] : waiting.splice(next, 1);
    if (step !== undefined) start(step);
    else if (running.size > 0) await Promise.race([...running.values()].map((other) => other.done));
    else throw new Error(`These steps wait for each other: ${waiting.map((other) => other.name).join(', ')}`);
  }
  return counts;
}
