import { batchOf } from './compare.ts';
import type { PassTimes } from './measure.ts';
import { PASS_PARTS, type Row } from './rows.ts';
import { summarize } from './statistics.ts';

/** The parts of the patches that are masked in the rows of forward passes. */
export const RATIOS = [0, 0.5, 0.75, 0.9] as const;
/** How many masks of an image a sweep takes at once. */
export const BATCHES = [1, 2, 4, 8] as const;
/** Sweeps are measured at the paper's ratio. */
export const SWEEP_RATIO = 0.75;

/** Whose times they are. */
export type Runner = Pick<Row, 'model' | 'runtime' | 'label'>;

export function forwardRows(runner: Runner, masked: number, times: Partial<PassTimes>): Row[] {
  return PASS_PARTS.flatMap((what) => {
    const samples = times[what];
    if (samples === undefined) return [];
    return [{ ...runner, kind: 'forward', masked, what, unit: 'ms', summary: summarize(samples) }];
  });
}

export function sweepRow(runner: Runner, batch: number, times: Pick<PassTimes, 'whole'>): Row {
  const summary = summarize(times.whole.map((ms) => ms / batch));
  return { ...runner, kind: 'sweep', masked: SWEEP_RATIO, what: batchOf(batch), unit: 'ms', summary };
}

/** What the documentation's table calls both ways to compute attention. */
export const IMPLEMENTATIONS = ['eager', 'sdpa'] as const;

/** The time of a whole batch, as the documentation has it. */
export function documentationRow(
  runner: Runner,
  implementation: (typeof IMPLEMENTATIONS)[number],
  batch: number,
  { whole }: Pick<PassTimes, 'whole'>,
): Row {
  const what = documentationCell(implementation, batch);
  return {
    ...runner,
    kind: 'documentation',
    masked: SWEEP_RATIO,
    what,
    unit: 'ms',
    summary: summarize(whole),
  };
}

export function documentationCell(implementation: string, batch: number): string {
  return `batch ${batch}, ${implementation}`;
}
