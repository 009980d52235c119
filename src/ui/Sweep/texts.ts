/** What is said about several runs. */
import type { Words } from '../../locales/words.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { GENERATOR_NAMES, type Settings } from '../../store/mask/settings.ts';
import { messageText } from '../../store/notices/message.ts';
import type { SweepKind } from '../../store/sweep/plan.ts';
import type { Blocked, Moments, Sweep } from '../../store/sweep/sweep.ts';

/** "12 of 32 runs · about 5 s left" */
export function progressText(
  { outcomes, total, status, waiting, secondsLeft }: Sweep,
  { sweep: { progress } }: Words,
): string {
  const counts = { done: outcomes.length, total };
  if (status === 'cancelling') return progress.cancelling(counts);
  if (waiting === 'model') return progress.waitsForModel(counts);
  if (waiting === 'live') return progress.waitsForLive(counts);
  return progress.running({ ...counts, secondsLeft });
}

/** How it ended; null while it runs. */
export function endText({ outcomes, total, status, error }: Sweep, words: Words): string | null {
  const { end } = words.sweep;
  const counts = { done: outcomes.length, total };
  if (error !== null) return end.failed({ ...counts, error: messageText(error, words) });
  return status === 'done' || status === 'cancelled' || status === 'overtaken' ? end[status](counts) : null;
}

/** What the runs are of. */
export function originText({ image, model, settings, outcomes, kind }: Sweep, { sweep }: Words): string {
  const strategy = findStrategy(settings.strategy);
  return sweep.origin({
    image: image.name,
    model: model.name,
    ratio: kind === 'seeds' && strategy?.usesRatio === true ? settings.ratio : null,
    strategy: settings.strategy,
    drawn:
      strategy?.usesSeed === true
        ? {
            ...seedsOf(outcomes.length === 0 ? [settings] : outcomes),
            generator: GENERATOR_NAMES[settings.generator],
          }
        : null,
    painted: settings.painted.size > 0,
  });
}

/** The smallest and the largest. */
function seedsOf(of: readonly { readonly seed: string }[]) {
  const seeds = of.map(({ seed }) => BigInt(seed)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { first: String(seeds[0]), last: String(seeds.at(-1)) };
}

/** Why there can be no runs now. */
export function blockedText(
  blocked: Blocked,
  kind: SweepKind,
  { strategy }: Settings,
  { sweep }: Words,
): string {
  if (blocked === 'running') return sweep[kind === 'seeds' ? 'ratios' : 'seeds'].notDone;
  const entry = sweep.blocked[blocked];
  return typeof entry === 'string' ? entry : entry({ strategy });
}

/** The patch that is pointed at. */
export function patchText(
  patch: number,
  runs: number,
  { timesMasked }: Moments,
  spreads: Float32Array,
  { sweep }: Words,
): string | null {
  const times = timesMasked[patch];
  const spread = spreads[patch];
  if (times === undefined || spread === undefined) return null;
  return sweep.patch({
    patch,
    timesMasked: times,
    count: runs,
    spread: Number.isNaN(spread) ? null : spread,
  });
}

/** For screen readers: the steps of a sweep, not each run. A failure is an alert of its own. */
export function sweepStep(sweep: Sweep | null, words: Words): string {
  if (sweep === null || sweep.error !== null) return '';
  const { kind, total, status } = sweep;
  return status === 'running' ? words.sweep[kind].begun({ total }) : (endText(sweep, words) ?? '');
}
