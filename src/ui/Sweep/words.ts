/** What is said about several runs. */
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { GENERATOR_NAMES, type Settings } from '../../store/mask/settings.ts';
import type { SweepKind } from '../../store/sweep/plan.ts';
import type { Blocked, Moments, Sweep } from '../../store/sweep/sweep.ts';
import { percent, timeLeft } from '../words.ts';

/** Of a spread, in display levels. */
export function levels(value: number): string {
  return value.toFixed(value < 9.95 ? 1 : 0);
}

/** "12 of 32 runs · about 5 s left" */
export function progressWords({ outcomes, total, status, waiting, secondsLeft }: Sweep): string {
  const done = `${outcomes.length} of ${total} runs`;
  if (status === 'cancelling') return `${done} · the last one ends`;
  if (waiting === 'model') return `${done} · waits for the model`;
  if (waiting === 'live') return `${done} · waits for the live view`;
  return secondsLeft === null ? done : `${done} · ${timeLeft(secondsLeft)}`;
}

/** How the newest sweep ended; null while it runs, or when it failed, which is an alert. */
export function endWords({ outcomes, total, status }: Sweep): string | null {
  const done = `${outcomes.length} of ${total} runs`;
  if (status === 'done') return `All ${total} runs are done.`;
  if (status === 'cancelled') return `Cancelled after ${done}.`;
  return status === 'overtaken' ? `Ended after ${done}: the image or the model changed.` : null;
}

/** What the runs are of: "Cat, Demo model, 75 %, seeds 2 to 33, PyTorch". */
export function originWords(sweep: Sweep): string {
  const { image, model, settings, outcomes, kind } = sweep;
  const strategy = findStrategy(settings.strategy);
  const drawn = strategy?.usesSeed === true;
  const which = seedsWords(outcomes.length === 0 ? [settings] : outcomes);
  return [
    image.name,
    model.name,
    ...(kind === 'seeds' && strategy?.usesRatio === true ? [percent(settings.ratio)] : []),
    ...(strategy === undefined || strategy.id === 'random' ? [] : [strategy.label.toLowerCase()]),
    ...(drawn ? [which, GENERATOR_NAMES[settings.generator]] : []),
    ...(settings.painted.size === 0 ? [] : ['painted by hand']),
  ].join(', ');
}

/** "seed 2", "seeds 2 to 33" */
function seedsWords(of: readonly { readonly seed: string }[]): string {
  const seeds = of.map(({ seed }) => BigInt(seed)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [first, last] = [seeds[0], seeds.at(-1)];
  return first === last ? `seed ${first}` : `seeds ${first} to ${last}`;
}

export const OUTDATED_WORDS = {
  image: 'These runs are of an earlier image.',
  model: 'These runs are of an earlier model.',
  settings: 'These runs are of an earlier mask.',
} as const;

/** Why there can be no runs now, and whether random masking is the way out. */
export function blockedWords(
  blocked: Blocked,
  kind: SweepKind,
  { strategy }: Settings,
): { readonly words: string; readonly random: boolean } {
  const name = findStrategy(strategy)?.label ?? '';
  switch (blocked) {
    case 'no-seed':
      return { words: `“${name}” is not random: every run would be the same.`, random: true };
    case 'no-ratio':
      return { words: `“${name}” always hides the same number of patches.`, random: true };
    case 'all-painted':
      return { words: 'Every patch is painted by hand: every run would be the same.', random: true };
    case 'nothing-hidden':
      return {
        words: 'Nothing is hidden, so nothing would be painted. Raise the mask ratio.',
        random: false,
      };
    case 'everything-hidden':
      return {
        words: 'Everything is hidden: every run would be the same. Lower the mask ratio.',
        random: false,
      };
    case 'no-image':
      return { words: 'Open an image first.', random: false };
    case 'no-model':
      return { words: 'The runs need the live model. It is not ready yet.', random: false };
    case 'running':
      return {
        words: `The runs over ${kind === 'seeds' ? 'ratios' : 'seeds'} are not done. One at a time.`,
        random: false,
      };
  }
}

/** The patch that is pointed at. */
export function patchRunsWords(
  patch: number,
  runs: number,
  { timesHidden }: Moments,
  spread: Float32Array,
): string | null {
  const times = timesHidden[patch];
  const value = spread[patch];
  if (times === undefined || value === undefined) return null;
  const told = Number.isNaN(value) ? 'no spread to tell' : `spread ${levels(value)} levels`;
  return `Patch ${patch}: hidden in ${times} of ${runs} runs, ${told}.`;
}

/** For screen readers: the steps of a sweep, not each run. */
export function sweepStepWords(sweep: Sweep | null): string {
  if (sweep === null) return '';
  const { kind, total, status, error } = sweep;
  if (status === 'running') return `${total} runs over ${kind} have begun.`;
  if (error !== null) return '';
  return endWords(sweep) ?? '';
}
