import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatchMoments, patchStandardDeviations, summarize } from './patch-moments.ts';

interface Run {
  readonly painted: Float32Array;
  readonly mask: readonly number[];
}

/** Runs of L patches with N values, far from zero at times: there the textbook's one-pass formula loses its digits. */
const runs = fc
  .record({
    patches: fc.integer({ min: 1, max: 5 }),
    pixels: fc.constantFrom(1, 4),
    count: fc.integer({ min: 1, max: 12 }),
    offset: fc.constantFrom(0, 1, -3, 1000),
  })
  .chain(({ patches, pixels, count, offset }) => {
    const patchDim = pixels * 3;
    const run = fc.record({
      painted: fc
        .array(fc.double({ min: -3, max: 3, noNaN: true }), {
          minLength: patches * patchDim,
          maxLength: patches * patchDim,
        })
        .map((values) => Float32Array.from(values, (value) => value + offset)),
      mask: fc.array(fc.constantFrom(0, 1), { minLength: patches, maxLength: patches }),
    });
    return fc.record({
      patches: fc.constant(patches),
      patchDim: fc.constant(patchDim),
      all: fc.array(run, { minLength: count, maxLength: count }),
    });
  });

/** Of patches in a row, of RGB pixels in a square. */
function momentsOf(patches: number, patchDim: number, all: readonly Run[]): PatchMoments {
  const moments = new PatchMoments({
    grid: { rows: 1, columns: patches },
    patchSize: Math.sqrt(patchDim / 3),
    channels: 3,
  });
  for (const { painted, mask } of all) moments.add(painted, mask);
  return moments;
}

/** The two-pass formulas, over the runs that hid the patch. */
function naive(all: readonly Run[], patch: number, index: number): { mean: number; variance: number } {
  const values = all.filter(({ mask }) => mask[patch] === 1).map(({ painted }) => painted[index] ?? 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

describe('moments of patches', () => {
  test('are those of the two-pass formulas over the runs that hid the patch', () => {
    fc.assert(
      fc.property(runs, ({ patches, patchDim, all }) => {
        const moments = momentsOf(patches, patchDim, all);
        const times = moments.timesMasked();
        const mean = moments.mean();
        const deviation = moments.deviation();
        for (let patch = 0; patch < patches; patch++) {
          const masked = all.filter(({ mask }) => mask[patch] === 1).length;
          expect(times[patch]).toBe(masked);
          for (let i = patch * patchDim; i < (patch + 1) * patchDim; i++) {
            const expected = masked === 0 ? 0 : naive(all, patch, i).mean;
            expect(mean[i]).toBeCloseTo(expected, expected > 100 ? 3 : 6);
          }
          for (let channel = 0; channel < 3; channel++) {
            const found = deviation[patch * 3 + channel];
            if (masked < 2) {
              expect(found).toBeNaN();
              continue;
            }
            let sum = 0;
            for (let pixel = 0; pixel < patchDim / 3; pixel++) {
              sum += naive(all, patch, patch * patchDim + pixel * 3 + channel).variance;
            }
            expect(found).toBeCloseTo(Math.sqrt(sum / (patchDim / 3)), 5);
          }
        }
      }),
    );
  });

  test('do not depend on the order of the runs', () => {
    fc.assert(
      fc.property(runs, ({ patches, patchDim, all }) => {
        const forth = momentsOf(patches, patchDim, all);
        const back = momentsOf(patches, patchDim, [...all].reverse());
        expect(back.timesMasked()).toEqual(forth.timesMasked());
        back.mean().forEach((value, i) => {
          expect(value).toBeCloseTo(forth.mean()[i] ?? Number.NaN, 3);
        });
      }),
    );
  });

  test('what was given out stays as it was when runs are added', () => {
    const moments = momentsOf(1, 3, [{ painted: Float32Array.of(1, 2, 3), mask: [1] }]);
    const [mean, times] = [moments.mean(), moments.timesMasked()];
    moments.add(Float32Array.of(3, 4, 5), [1]);
    expect([...mean, ...times]).toEqual([1, 2, 3, 1]);
    expect([...moments.mean(), ...moments.timesMasked()]).toEqual([2, 3, 4, 2]);
  });

  test('equal runs have no spread, and a visible patch changes nothing', () => {
    const painted = Float32Array.of(0.1, 0.2, 0.3, 7, 8, 9);
    const moments = momentsOf(2, 3, [
      { painted, mask: [1, 0] },
      { painted, mask: [1, 0] },
    ]);
    expect([...moments.timesMasked()]).toEqual([2, 0]);
    expect([...moments.deviation()]).toEqual([0, 0, 0, Number.NaN, Number.NaN, Number.NaN]);
    expect([...moments.mean().subarray(3)]).toEqual([0, 0, 0]);
  });

  test('refuses a run of another shape', () => {
    const moments = momentsOf(2, 3, []);
    expect(() => moments.add(new Float32Array(3), [1, 1])).toThrow(RangeError);
    expect(() => moments.add(new Float32Array(6), [1])).toThrow(RangeError);
  });
});

test('a patch’s spread is the root mean square over its channels, each in its own scale', () => {
  const spread = patchStandardDeviations(
    Float32Array.of(1, 2, 2, Number.NaN, Number.NaN, Number.NaN),
    [2, 1, 0.5],
  );
  expect(spread[0]).toBeCloseTo(Math.sqrt((4 + 4 + 1) / 3), 6);
  expect(spread[1]).toBeNaN();
});

describe('a summary', () => {
  test('has mean, standard deviation with n - 1, and the ends', () => {
    expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      mean: 5,
      deviation: Math.sqrt(32 / 7),
      min: 2,
      max: 9,
    });
  });

  test('of one value has no spread, of none is none', () => {
    expect(summarize([3])).toEqual({ mean: 3, deviation: null, min: 3, max: 3 });
    expect(summarize([])).toBeNull();
  });
});
