/** What a row says of its samples, in their unit. */
export interface Summary {
  readonly min: number;
  readonly median: number;
  /** 95th percentile. */
  readonly p95: number;
  readonly max: number;
  readonly runs: number;
}

/** @throws RangeError for an empty list */
export function summarize(samples: readonly number[]): Summary {
  return {
    min: percentile(samples, 0),
    median: percentile(samples, 50),
    p95: percentile(samples, 95),
    max: percentile(samples, 100),
    runs: samples.length,
  };
}

/**
 * Between two samples it is interpolated, as NumPy's `percentile` does by default.
 * @param percent from 0 to 100
 * @throws RangeError for an empty list
 */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('no samples');
  return below + (above - below) * (place - Math.floor(place));
}
