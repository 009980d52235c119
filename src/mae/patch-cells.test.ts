import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, patchCount, rowOf, squareGrid } from './geometry.ts';
import { NOTHING_PAINTED, paintMask } from './manual-mask.ts';
import { randomMasking } from './masking.ts';
import { invert, oppositePaint, paintAll, paintCells, rectangle, region, stroke } from './patch-cells.ts';
import { torchRand } from './random.ts';

const sides = fc.integer({ min: 1, max: 20 });
const twoCells = fc
  .record({ rows: sides, columns: sides })
  .chain((grid) => fc.tuple(fc.constant(grid), fc.nat(patchCount(grid) - 1), fc.nat(patchCount(grid) - 1)));

test('painting leaves what it was given alone', () => {
  const once = paintCells(NOTHING_PAINTED, [3, 4], 'masked');
  const twice = paintCells(once, [4, 5], 'kept');
  expect(Array.from(once)).toEqual([
    [3, 'masked'],
    [4, 'masked'],
  ]);
  expect(Array.from(twice)).toEqual([
    [3, 'masked'],
    [4, 'kept'],
    [5, 'kept'],
  ]);
  expect(NOTHING_PAINTED.size).toBe(0);
});

test('inverting turns every patch round', () => {
  const base = randomMasking(torchRand(2, 49), 0.75);
  expect(paintMask(base, invert(base.mask)).mask).toEqual(base.mask.map((removed) => 1 - removed));
});

test('painting all hides or clears everything', () => {
  const base = randomMasking(torchRand(2, 49), 0.75);
  expect(paintMask(base, paintAll(49, 'masked')).idsKeep.length).toBe(0);
  expect(paintMask(base, paintAll(49, 'kept')).idsKeep.length).toBe(49);
});

test('a gesture paints the opposite of where it begins', () => {
  expect(oppositePaint([0, 1], 0)).toBe('masked');
  expect(oppositePaint([0, 1], 1)).toBe('kept');
});

describe('rectangle', () => {
  test('covers what lies between its corners, whichever comes first', () => {
    expect(rectangle(squareGrid(5), 6, 13)).toEqual([6, 7, 8, 11, 12, 13]);
    expect(rectangle(squareGrid(5), 11, 8)).toEqual([6, 7, 8, 11, 12, 13]);
    expect(rectangle(squareGrid(5), 7, 7)).toEqual([7]);
  });

  test('has the sides that its corners say', () => {
    fc.assert(
      fc.property(twoCells, ([grid, from, to]) => {
        const height = Math.abs(rowOf(from, grid) - rowOf(to, grid)) + 1;
        const width = Math.abs(columnOf(from, grid) - columnOf(to, grid)) + 1;
        const cells = rectangle(grid, from, to);
        expect(new Set(cells).size).toBe(height * width);
        expect(rectangle(grid, to, from)).toEqual(cells);
      }),
    );
  });
});

test('a stroke goes from cell to touching cell', () => {
  fc.assert(
    fc.property(twoCells, ([grid, from, to]) => {
      const cells = stroke(grid, from, to);
      expect(cells[0]).toBe(from);
      expect(cells[cells.length - 1]).toBe(to);
      for (let i = 1; i < cells.length; i++) {
        const [a, b] = [cells[i - 1] as number, cells[i] as number];
        const [down, across] = [rowOf(a, grid) - rowOf(b, grid), columnOf(a, grid) - columnOf(b, grid)];
        expect(Math.max(Math.abs(down), Math.abs(across))).toBe(1);
      }
    }),
  );
});

describe('region', () => {
  const mask = [
    [0, 0, 1, 1],
    [1, 0, 0, 1],
    [1, 1, 1, 0],
    [0, 0, 1, 0],
  ].flat();

  test('is what hangs together, not over corners and not around the edge', () => {
    expect(region(mask, squareGrid(4), 0)).toEqual([0, 1, 5, 6]);
    expect(region(mask, squareGrid(4), 3)).toEqual([2, 3, 7]);
    expect(region(mask, squareGrid(4), 4)).toEqual([4, 8, 9, 10, 14]);
    expect(region(mask, squareGrid(4), 15)).toEqual([11, 15]);
    expect(region([0], squareGrid(1), 0)).toEqual([0]);
    expect(region([0, 0, 1, 1, 0, 0], { rows: 2, columns: 3 }, 0)).toEqual([0, 1, 4, 5]);
  });
});
