import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskFromIds, randomMasking } from '../masking.ts';
import { torchRand } from '../random.ts';
import { float32Array, readFixture, type StoredArray } from '../reference-fixtures.ts';
import { square } from '../testing/square.ts';
import { harmonicInpainting } from './harmonic.ts';

interface HarmonicFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly image_size: number;
    readonly patch_size: number;
    readonly seed: number;
    readonly mask: number[];
    readonly filled?: StoredArray;
    readonly samples?: StoredArray;
  }[];
}

const { cases } = await readFixture<HarmonicFixture>('harmonic');

test.each(cases)(
  'is what a direct solver gives: $name',
  ({ image_size, patch_size, seed, mask, ...expected }) => {
    const filled = harmonicInpainting(noiseImage(seed, image_size), mask, square(image_size, patch_size));
    if (expected.filled !== undefined) expectClose(filled, float32Array(expected.filled), 1e-5);
    if (expected.samples !== undefined) {
      const samples = float32Array(expected.samples);
      expectClose(
        samples.map((_, i) => filled[(i * 7919) % filled.length] as number),
        samples,
        1e-5,
      );
    }
  },
);

describe('at the ends', () => {
  const image = noiseImage(7, 32);

  test('nothing masked is the image', () => {
    const { mask } = randomMasking(torchRand(2, 16), 0);
    expect(harmonicInpainting(image, mask, square(32, 8))).toEqual(image);
  });

  test('everything masked is zero', () => {
    const { mask } = randomMasking(torchRand(2, 16), 1);
    expect(harmonicInpainting(image, mask, square(32, 8))).toEqual(new Float32Array(image.length));
  });

  test('one patch without anything around it', () => {
    expect(harmonicInpainting(image, [1], square(32, 32))).toEqual(new Float32Array(image.length));
    expect(harmonicInpainting(image, [0], square(32, 32))).toEqual(image);
  });

  test('sizes that do not belong together are refused', () => {
    expect(() => harmonicInpainting(image, [0, 1], square(32, 8))).toThrow(RangeError);
    expect(() => harmonicInpainting(image, new Uint8Array(16), square(31, 8))).toThrow(RangeError);
    expect(() => harmonicInpainting(image, new Uint8Array(16), square(32, 7))).toThrow(RangeError);
  });

  test('data that are not numbers end too', () => {
    const broken = image.map((value, i) => (i === 0 ? Number.NaN : value));
    expect(harmonicInpainting(broken, maskFromIds([0], 16).mask, square(32, 8)).length).toBe(image.length);
  });
});

const masks = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 1, max: 5 }),
    fc.nat(),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([grid, patchSize, seed, ratio]) => {
    const { mask } = randomMasking(torchRand(seed, grid * grid), ratio);
    return { mask, patchSize, size: grid * patchSize };
  });

describe('for any mask', () => {
  test('visible pixels stay, and nothing lies beyond them (maximum principle)', () => {
    fc.assert(
      fc.property(masks, fc.nat(), ({ mask, size, patchSize }, seed) => {
        fc.pre(mask.some((removed) => removed === 0));
        const image = noiseImage(seed, size);
        const filled = harmonicInpainting(image, mask, square(size, patchSize));
        for (let c = 0; c < 3; c++) {
          const visible: number[] = [];
          const painted: number[] = [];
          for (let i = c * size * size; i < (c + 1) * size * size; i++) {
            if (isMasked(i, mask, size, patchSize)) painted.push(filled[i] as number);
            else {
              expect(filled[i]).toBe(image[i]);
              visible.push(image[i] as number);
            }
          }
          expect(Math.max(...painted)).toBeLessThanOrEqual(Math.max(...visible) + 1e-5);
          expect(Math.min(...painted, Infinity)).toBeGreaterThanOrEqual(Math.min(...visible) - 1e-5);
        }
      }),
    );
  });

  test('the sum of two images gives the sum', () => {
    fc.assert(
      fc.property(masks, fc.nat(), fc.nat(), ({ mask, size, patchSize }, seedA, seedB) => {
        const a = noiseImage(seedA, size);
        const b = noiseImage(seedB, size);
        const both = a.map((value, i) => 0.5 * value - (b[i] as number));
        const filledA = harmonicInpainting(a, mask, square(size, patchSize));
        const filledB = harmonicInpainting(b, mask, square(size, patchSize));
        expectClose(
          harmonicInpainting(both, mask, square(size, patchSize)),
          filledA.map((value, i) => 0.5 * value - (filledB[i] as number)),
          1e-4,
        );
      }),
    );
  });

  test('a slope across the image is continued as it is where its ends are visible', () => {
    const size = 40;
    const slope = Float32Array.from({ length: 3 * size * size }, (_, i) => (i % size) / 20 - 1);
    // Columns 0 and 4 of 5 are visible.
    const mask = Array.from({ length: 25 }, (_, id) => Number(id % 5 > 0 && id % 5 < 4));
    expectClose(harmonicInpainting(slope, mask, square(size, 8)), slope, 1e-5);
  });
});

test('an image of 224 x 224 takes well under a second', () => {
  const image = noiseImage(1, 224);
  const { mask } = maskFromIds([0], 196);
  const start = performance.now();
  harmonicInpainting(image, mask, square(224, 16));
  // About 0.3 s; the limit leaves room for a machine that is busy with other things.
  expect(performance.now() - start).toBeLessThan(3000);
});

/** [3, S, S] in [-2, 2), as the fixture's writer draws it. */
function noiseImage(seed: number, size: number): Float32Array {
  return torchRand(seed, 3 * size * size).map((value) => value * 4 - 2);
}

function isMasked(index: number, mask: ArrayLike<number>, size: number, patchSize: number): boolean {
  const y = Math.floor(index / size) % size;
  const x = index % size;
  return mask[Math.floor(y / patchSize) * (size / patchSize) + Math.floor(x / patchSize)] === 1;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs((actual[i] as number) - (expected[i] as number)));
  }
  expect(most).toBeLessThanOrEqual(tolerance);
}
