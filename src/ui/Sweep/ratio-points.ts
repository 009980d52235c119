/** From runs to the points of a chart: pure. */
import { type Summary, summarize } from '../../mae/patch-moments.ts';
import type { Outcome } from '../../store/sweep/sweep.ts';

/** All runs at one ratio. */
export interface RatioPoint {
  readonly ratio: number;
  readonly runs: number;
  /** Fewest and most masked patches: with some strategies and with paint they differ between seeds. */
  readonly masked: readonly [number, number];
  readonly losses: Summary;
}

/** By ratio; runs in which nothing was masked have no loss and do not count. */
export function ratioPoints(outcomes: readonly Outcome[]): readonly RatioPoint[] {
  const ratios = [...new Set(outcomes.map(({ ratio }) => ratio))].sort((a, b) => a - b);
  return ratios.flatMap((ratio) => {
    const runs = outcomes.filter((outcome) => outcome.ratio === ratio && outcome.loss !== null);
    const losses = summarize(lossesOf(runs));
    if (losses === null) return [];
    const masked = runs.map((run) => run.masked);
    return [{ ratio, runs: runs.length, masked: [Math.min(...masked), Math.max(...masked)], losses }];
  });
}

export function lossesOf(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap(({ loss }) => (loss === null ? [] : [loss]));
}

/**
 * A dot plot: every value a dot at its place on the axis, on top of those that are already there (Wilkinson, "Dot
 * plots", The American Statistician 53, 1999, with columns of fixed places).
 * @param places along the axis, in pixels
 * @param size of a dot, in pixels
 * @returns for each value the middle of its column, and how many dots lie beneath it
 */
export function stackDots(
  places: readonly number[],
  size: number,
): readonly { readonly x: number; readonly beneath: number }[] {
  const heights = new Map<number, number>();
  return places.map((place) => {
    const column = Math.round(place / size);
    const beneath = heights.get(column) ?? 0;
    heights.set(column, beneath + 1);
    return { x: column * size, beneath };
  });
}
