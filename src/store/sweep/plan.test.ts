import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_GEOMETRY, maskFor } from '../mask/masking.ts';
import { DEFAULT_SETTINGS, type Settings } from '../mask/settings.ts';
import { nextBatchSize, obstacleOf, planRuns, SWEEP_RATIOS, seedsFrom, takeBatch } from './plan.ts';

const settings = (change: Partial<Settings>): Settings => ({ ...DEFAULT_SETTINGS, ...change });
const masking = (change: Partial<Settings>) => maskFor(settings(change), DEFAULT_GEOMETRY);
const all = (paint: 'masked' | 'kept') => new Map(Array.from({ length: 196 }, (_, cell) => [cell, paint]));

describe('the seeds of a sweep', () => {
  test('are the chosen one and those after it', () => {
    expect(seedsFrom({ seed: '2', generator: 'torch' }, 3)).toEqual(['2', '3', '4']);
    expect(seedsFrom({ seed: '-1', generator: 'torch' }, 2)).toEqual(['-1', '0']);
  });

  test('go down where the library’s seeds end', () => {
    expect(seedsFrom({ seed: '4294967295', generator: 'numpy' }, 3)).toEqual([
      '4294967295',
      '4294967294',
      '4294967293',
    ]);
    expect(seedsFrom({ seed: '18446744073709551615', generator: 'torch' }, 2)).toEqual([
      '18446744073709551615',
      '18446744073709551614',
    ]);
  });
});

describe('the runs of a sweep', () => {
  test('of seeds: the first is the mask on the stage, the others differ in the seed alone', () => {
    const plan = planRuns('seeds', DEFAULT_SETTINGS, DEFAULT_GEOMETRY, 8);
    expect(plan[0]).toEqual(maskFor(DEFAULT_SETTINGS, DEFAULT_GEOMETRY));
    expect(plan.map((run) => run.settings)).toEqual(
      Array.from({ length: 8 }, (_, i) => settings({ seed: String(2 + i) })),
    );
    expect(new Set(plan.map(({ kept }) => kept))).toEqual(new Set([49]));
  });

  test('of ratios: every ratio with every seed', () => {
    const plan = planRuns('ratios', DEFAULT_SETTINGS, DEFAULT_GEOMETRY, 3);
    expect(plan.length).toBe(19 * 3);
    expect(SWEEP_RATIOS.map((ratio) => Math.round(ratio * 100))).toEqual(
      Array.from({ length: 19 }, (_, i) => 5 * (i + 1)),
    );
    expect(plan.slice(0, 3).map(({ settings: { seed, ratio } }) => [seed, ratio])).toEqual([
      ['2', 0.05],
      ['3', 0.05],
      ['4', 0.05],
    ]);
  });

  test('of ratios with a strategy that draws nothing: one for each', () => {
    const plan = planRuns('ratios', settings({ strategy: 'grid' }), DEFAULT_GEOMETRY, 8);
    expect(plan.length).toBe(19);
  });

  test('keep what is painted', () => {
    const painted = new Map([
      [0, 'masked'],
      [7, 'kept'],
    ] as const);
    for (const strategy of ['random', 'block'] as const) {
      for (const { mask } of planRuns('seeds', settings({ painted, strategy }), DEFAULT_GEOMETRY, 8)) {
        expect([mask[0], mask[7]]).toEqual([1, 0]);
      }
    }
  });
});

describe('what speaks against a sweep', () => {
  test.each([
    ['seeds', {}, null],
    ['seeds', { strategy: 'block' }, null],
    ['seeds', { strategy: 'single' }, null],
    ['seeds', { strategy: 'grid' }, 'no-seed'],
    ['seeds', { strategy: 'checkerboard' }, 'no-seed'],
    ['seeds', { ratio: 0 }, 'nothing-masked'],
    ['seeds', { ratio: 1 }, 'everything-masked'],
    ['seeds', { painted: all('masked') }, 'all-painted'],
    ['ratios', {}, null],
    ['ratios', { strategy: 'grid' }, null],
    ['ratios', { ratio: 0 }, null],
    ['ratios', { strategy: 'left' }, 'no-ratio'],
    ['ratios', { painted: all('kept') }, 'all-painted'],
  ] as const)('of %s with %o: %s', (kind, change, obstacle) => {
    expect(obstacleOf(kind, masking(change))).toBe(obstacle);
  });
});

describe('batches', () => {
  test.each([
    [1, 20, 2],
    [2, 40, 4],
    [4, 80, 7],
    [7, 100, 8],
    [8, 150, 8],
    [8, 400, 3],
    [1, 400, 1],
    [4, 100_000, 1],
    [1, 0, 2],
  ])('after %i masks in %i ms come %i', (size, ms, next) => {
    expect(nextBatchSize(size, ms)).toBe(next);
  });

  test('hold runs of one length only, lose none, and keep their order', () => {
    const lengths = fc.array(fc.constantFrom(0.2, 0.5, 0.8), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 8 }), (ratios, size) => {
        const plan = ratios.map((ratio, i) => masking({ ratio, seed: String(i) }));
        const { batch, rest } = takeBatch(plan, size);
        expect(batch[0]).toBe(plan[0]);
        expect(batch.length).toBeLessThanOrEqual(size);
        expect(new Set(batch.map(({ kept }) => kept)).size).toBe(1);
        expect([...batch, ...rest].length).toBe(plan.length);
        expect(rest).toEqual(plan.filter((run) => !batch.includes(run)));
      }),
    );
  });
});
