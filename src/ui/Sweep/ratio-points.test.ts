import { describe, expect, test } from 'vitest';
import { lossesOf, ratioPoints, stackDots } from './ratio-points.ts';

const run = (ratio: number, loss: number | null, masked = 10, seed = '2') => ({ ratio, loss, masked, seed });

describe('points of the chart', () => {
  test('have mean, ends and count of all runs at their ratio, in the order of the ratios', () => {
    const points = ratioPoints([run(0.5, 3), run(0.25, 1, 4), run(0.5, 1, 12), run(0.5, 2)]);
    expect(points).toEqual([
      { ratio: 0.25, runs: 1, masked: [4, 4], losses: { mean: 1, deviation: null, min: 1, max: 1 } },
      { ratio: 0.5, runs: 3, masked: [10, 12], losses: { mean: 2, deviation: 1, min: 1, max: 3 } },
    ]);
  });

  test('leave out runs without a loss', () => {
    expect(ratioPoints([run(0.05, null, 0)])).toEqual([]);
    expect(ratioPoints([run(0.05, null, 0), run(0.05, 2)])[0]?.runs).toBe(1);
    expect(lossesOf([run(0.05, null, 0), run(0.1, 2)])).toEqual([2]);
  });
});

test('dots that would overlap lie on each other, and no dot is lost', () => {
  expect(stackDots([0, 1, 9.9, 30, 11], 10)).toEqual([
    { x: 0, beneath: 0 },
    { x: 0, beneath: 1 },
    { x: 10, beneath: 0 },
    { x: 30, beneath: 0 },
    { x: 10, beneath: 1 },
  ]);
});
