import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import { squareGrid } from './geometry.ts';
import {
  maskWithPaint,
  NOTHING_PAINTED,
  type Paint,
  type Painted,
  paintMask,
  ratioForKeep,
  withRatio,
} from './manual-mask.ts';
import { lenKeep, randomMasking } from './masking.ts';
import { torchRand } from './random.ts';
import { maskByStrategy, STRATEGIES } from './strategies/strategies.ts';

const GRID = 6;
const LENGTH = GRID * GRID;
const seeds = fc.nat(1000);
const ratios = fc.double({ min: 0, max: 1, noNaN: true });
const paints = fc.constantFrom<Paint>('masked', 'kept');
const paintings = fc
  .array(fc.tuple(fc.nat(LENGTH - 1), paints), { maxLength: LENGTH })
  .map((cells): Painted => new Map(cells));

describe('paintMask', () => {
  test('lets painted patches win and leaves the others', () => {
    fc.assert(
      fc.property(seeds, ratios, paintings, (seed, ratio, painted) => {
        const base = randomMasking(torchRand(seed, LENGTH), ratio);
        const { mask } = paintMask(base, painted);
        mask.forEach((removed, id) => {
          const paint = painted.get(id);
          expect(removed).toBe(paint === undefined ? base.mask[id] : Number(paint === 'masked'));
        });
      }),
    );
  });

  test('keeps the base’s order, then takes the new ones by number', () => {
    const base = randomMasking([0.5, 0.1, 0.9, 0.3, 0.8, 0.7], 0.5);
    expect(Array.from(base.idsKeep)).toEqual([1, 3, 0]);
    const painted = new Map<number, Paint>([
      [5, 'kept'],
      [3, 'masked'],
      [2, 'kept'],
      [1, 'kept'],
    ]);
    expect(Array.from(paintMask(base, painted).idsKeep)).toEqual([1, 0, 2, 5]);
  });

  test.each(['masked', 'kept'] as const)('refuses a patch painted %s that does not exist', (paint) => {
    const base = randomMasking(torchRand(2, 4), 0.5);
    for (const id of [4, -1, 0.5]) {
      expect(() => paintMask(base, new Map([[id, paint]]))).toThrow(/There is no patch/);
    }
  });
});

describe('withRatio', () => {
  test('is random masking where nothing is painted', () => {
    fc.assert(
      fc.property(seeds, ratios, (seed, ratio) => {
        const noise = torchRand(seed, LENGTH);
        expect(withRatio(noise, ratio, NOTHING_PAINTED).idsKeep).toEqual(randomMasking(noise, ratio).idsKeep);
      }),
    );
  });

  test('keeps painted patches, and meets the ratio as far as they allow', () => {
    fc.assert(
      fc.property(seeds, ratios, paintings, (seed, ratio, painted) => {
        const masking = withRatio(torchRand(seed, LENGTH), ratio, painted);
        for (const [id, paint] of painted) expect(masking.mask[id]).toBe(Number(paint === 'masked'));
        const values = Array.from(painted.values());
        const visible = values.filter((paint) => paint === 'kept').length;
        const most = LENGTH - (values.length - visible);
        expect(masking.idsKeep.length).toBe(Math.min(most, Math.max(visible, lenKeep(LENGTH, ratio))));
      }),
    );
  });

  test('gives the painted mask again for the ratio that follows the painting', () => {
    fc.assert(
      fc.property(seeds, ratios, fc.array(paintings, { maxLength: 4 }), (seed, ratio, strokes) => {
        const noise = torchRand(seed, LENGTH);
        let painted = NOTHING_PAINTED;
        let current = ratio;
        for (const stroke of strokes) {
          const before = withRatio(noise, current, painted);
          painted = new Map([...painted, ...stroke]);
          const after = paintMask(before, painted);
          current = ratioForKeep(LENGTH, after.idsKeep.length);
          expect(withRatio(noise, current, painted).mask).toEqual(after.mask);
        }
      }),
    );
  });

  test('refuses a patch that does not exist', () => {
    expect(() => withRatio(torchRand(2, 4), 0.5, new Map([[4, 'masked']]))).toThrow(LensError);
  });
});

describe('maskWithPaint', () => {
  test.each(STRATEGIES)('is $id where nothing is painted', ({ id }) => {
    const noise = torchRand(2, LENGTH);
    expect(maskWithPaint(id, noise, 0.6, NOTHING_PAINTED, squareGrid(GRID))).toEqual(
      maskByStrategy(id, noise, 0.6, squareGrid(GRID)),
    );
  });

  test.each(STRATEGIES)('lets painted patches win over $id, at any ratio', ({ id }) => {
    fc.assert(
      fc.property(seeds, ratios, paintings, (seed, ratio, painted) => {
        const { mask } = maskWithPaint(id, torchRand(seed, LENGTH), ratio, painted, squareGrid(GRID));
        for (const [cell, paint] of painted) expect(mask[cell]).toBe(Number(paint === 'masked'));
      }),
    );
  });
});

describe('ratioForKeep', () => {
  test.each([1, 2, 7, 16, 25, 196, 256, 1024, 16_384])('keeps exactly what it shall, of %d', (length) => {
    for (let keep = 0; keep <= length; keep++) {
      expect(lenKeep(length, ratioForKeep(length, keep))).toBe(keep);
    }
  });

  test('is short', () => {
    expect(ratioForKeep(196, 49)).toBe(0.75);
    expect(ratioForKeep(196, 50)).toBe(0.74);
    expect(ratioForKeep(196, 0)).toBe(1);
    expect(ratioForKeep(196, 196)).toBe(0);
    for (let keep = 0; keep <= 196; keep++) expect(String(ratioForKeep(196, keep)).length).toBeLessThan(7);
  });

  test.each([-1, 197, 0.5, Number.NaN])('refuses %d of 196', (keep) => {
    expect(() => ratioForKeep(196, keep)).toThrow(RangeError);
  });
});
