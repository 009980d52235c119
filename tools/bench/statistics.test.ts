import { expect, test } from 'vitest';
import { percentile, summarize } from './statistics.ts';

test('a summary has minimum, median, 95th percentile and maximum', () => {
  expect(summarize([5, 1, 3])).toEqual({ min: 1, median: 3, p95: 4.8, max: 5, runs: 3 });
  expect(summarize([4, 1, 3, 2])).toMatchObject({ min: 1, median: 2.5, max: 4, runs: 4 });
  expect(summarize([7])).toEqual({ min: 7, median: 7, p95: 7, max: 7, runs: 1 });
});

test('percentiles are those of NumPy', () => {
  // np.percentile([15, 20, 35, 40, 50], [5, 40, 95])
  const samples = [50, 15, 40, 20, 35];
  expect([5, 40, 95].map((percent) => percentile(samples, percent))).toEqual([16, 29, 48]);
});

test('nothing has no summary', () => {
  expect(() => summarize([])).toThrow(RangeError);
});
