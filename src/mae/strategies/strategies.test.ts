import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { patchCount, squareGrid } from '../geometry.ts';
import { lenKeep, type Masking, randomMasking } from '../masking.ts';
import { numpyUniform, torchRand } from '../random.ts';
import { findStrategy, maskByStrategy, STRATEGIES, type StrategyId } from './strategies.ts';

const sides = fc.integer({ min: 1, max: 20 });
const grids = fc.oneof(sides.map(squareGrid), fc.record({ rows: sides, columns: sides }));
const BASE = squareGrid(14);
const ratios = fc.oneof(fc.constantFrom(0, 0.5, 0.75, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe.each(STRATEGIES)('$id', (strategy) => {
  test('is a consistent mask on any grid, for any ratio and seed', () => {
    fc.assert(
      fc.property(grids, ratios, seeds, (grid, ratio, seed) => {
        const length = patchCount(grid);
        expectConsistent(strategy.mask(torchRand(seed, length), ratio, grid), length);
        expectConsistent(strategy.mask(numpyUniform(seed, length), ratio, grid), length);
      }),
    );
  });

  test('keeps as many patches as the ratio asks, or does not care about it', () => {
    fc.assert(
      fc.property(grids, ratios, ratios, seeds, (grid, ratio, other, seed) => {
        const noise = torchRand(seed, patchCount(grid));
        const masking = strategy.mask(noise, ratio, grid);
        if (strategy.usesRatio) expect(masking.idsKeep.length).toBe(lenKeep(patchCount(grid), ratio));
        else expect(masking).toEqual(strategy.mask(noise, other, grid));
      }),
    );
  });

  test('is the same again for the same noise', () => {
    fc.assert(
      fc.property(grids, ratios, seeds, seeds, (grid, ratio, seed, other) => {
        const masking = strategy.mask(torchRand(seed, patchCount(grid)), ratio, grid);
        const again = torchRand(strategy.usesSeed ? seed : other, patchCount(grid));
        expect(strategy.mask(again, ratio, grid)).toEqual(masking);
      }),
    );
  });

  test('depends on the seed where it says so', () => {
    const masks = new Set(
      Array.from({ length: 20 }, (_, seed) => strategy.mask(torchRand(seed, 196), 0.75, BASE).mask.join('')),
    );
    expect(masks.size > 1).toBe(strategy.usesSeed);
  });

  test('refuses a ratio beyond 1 where it uses one', () => {
    if (!strategy.usesRatio) return;
    expect(() => strategy.mask(torchRand(2, 196), 1.5, BASE)).toThrow(LensError);
  });

  test('is found by its id', () => {
    expect(findStrategy(strategy.id)).toBe(strategy);
  });
});

test('a table without doubles', () => {
  expect(new Set(STRATEGIES.map(({ id }) => id)).size).toBe(STRATEGIES.length);
  expect(findStrategy('toString')).toBeUndefined();
});

describe('random', () => {
  test('is the reference’s own', () => {
    expect(maskByStrategy('random', torchRand(2, 196), 0.75, BASE)).toEqual(
      randomMasking(torchRand(2, 196), 0.75),
    );
  });
});

describe('block', () => {
  /** From 2000 masks of BEiT's own generator, 14 x 14, those of its masks that it left short included. */
  test.each([
    { ratio: 0.4, edges: 40.5, centre: 0.731, border: 0.148 },
    { ratio: 0.5, edges: 43.0, centre: 0.844, border: 0.203 },
    { ratio: 0.75, edges: 37.2, centre: 0.983, border: 0.416 },
  ])('at $ratio is like BEiT’s: as ragged, and as much in the middle', ({ ratio, ...published }) => {
    const seeds = 1000;
    const sums = { edges: 0, centre: 0, border: 0 };
    for (let seed = 0; seed < seeds; seed++) {
      const { mask } = maskByStrategy('block', numpyUniform(seed, 196), ratio, BASE);
      sums.edges += edges(mask, 14) / seeds;
      sums.centre +=
        maskedShare(mask, (row, column) => Math.max(fromMiddle(row), fromMiddle(column)) < 2) / seeds;
      sums.border +=
        maskedShare(mask, (row, column) => Math.max(fromMiddle(row), fromMiddle(column)) > 6) / seeds;
    }
    expect(Math.abs(sums.edges - published.edges)).toBeLessThan(1);
    expect(Math.abs(sums.centre - published.centre)).toBeLessThan(0.02);
    expect(Math.abs(sums.border - published.border)).toBeLessThan(0.02);
  });

  test('hides exactly half at 50 %, as both images of the paper’s figure 6 do', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { mask } = maskByStrategy('block', torchRand(seed, 196), 0.5, BASE);
      expect(mask.reduce((sum, removed) => sum + removed, 0)).toBe(98);
    }
  });

  test('hides larger pieces than random masking', () => {
    for (let seed = 0; seed < 50; seed++) {
      const noise = torchRand(seed, 196);
      expect(edges(maskByStrategy('block', noise, 0.5, BASE).mask, 14)).toBeLessThan(
        0.7 * edges(maskByStrategy('random', noise, 0.5, BASE).mask, 14),
      );
    }
  });

  test('hides as much as one smallest block in about one piece', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { mask } = maskByStrategy('block', torchRand(seed, 196), 1 - 180 / 196, BASE);
      // Rounded sides may leave a few patches to smaller blocks; 16 single ones would have up to 64 edges.
      expect(mask.reduce((sum, removed) => sum + removed, 0)).toBe(16);
      expect(edges(mask, 14)).toBeLessThanOrEqual(30);
    }
  });

  test('refuses noise outside of [0, 1)', () => {
    expect(() => maskByStrategy('block', new Float64Array(4).fill(Number.NaN), 0.5, squareGrid(2))).toThrow(
      LensError,
    );
    expect(() => maskByStrategy('block', [1, 1, 1, 1], 0.5, squareGrid(2))).toThrow(LensError);
  });
});

describe('grid', () => {
  test('keeps one of every four at the paper’s ratio', () => {
    expect(drawn('grid', 4, 0.75)).toEqual(['.#.#', '####', '.#.#', '####']);
    expect(Array.from(maskByStrategy('grid', torchRand(2, 196), 0.75, BASE).idsKeep)).toEqual(
      Array.from({ length: 49 }, (_, i) => Math.floor(i / 7) * 28 + (i % 7) * 2),
    );
  });

  test('is regular for other ratios', () => {
    expect(drawn('grid', 4, 0.25)).toEqual(['....', '#.#.', '....', '#.#.']);
    expect(drawn('grid', 4, 0.5)).toEqual(['.#.#', '#.#.', '.#.#', '#.#.']);
    expect(drawn('grid', 4, 15 / 16)).toEqual(['.###', '####', '####', '####']);
    expect(drawn('grid', 8, 15 / 16).filter((row) => row.includes('.'))).toEqual(['.###.###', '.###.###']);
  });
});

describe('presets', () => {
  test.each([
    ['checkerboard', 3, 0.75, ['.#.', '#.#', '.#.']],
    ['centre', 4, 0.75, ['.##.', '####', '####', '.##.']],
    ['centre', 4, 0.25, ['....', '.##.', '.##.', '....']],
    ['centre', 5, 9 / 25, ['.....', '.###.', '.###.', '.###.', '.....']],
    ['border', 4, 0.75, ['####', '#..#', '#..#', '####']],
    ['border', 4, 0.25, ['#..#', '....', '....', '#..#']],
    ['left', 4, 0.9, ['##..', '##..', '##..', '##..']],
    ['left', 3, 0.9, ['#..', '#..', '#..']],
    ['right', 4, 0.9, ['..##', '..##', '..##', '..##']],
    ['right', 3, 0.9, ['..#', '..#', '..#']],
  ] as const)('%s on %d x %d', (id, grid, ratio, image) => {
    expect(drawn(id, grid, ratio)).toEqual(image);
  });

  test.each([
    ['checkerboard', 2, 5, 0.75, ['.#.#.', '#.#.#']],
    ['centre', 4, 8, 0.25, ['........', '..####..', '..####..', '........']],
    ['border', 4, 8, 0.75, ['########', '##....##', '##....##', '########']],
    ['left', 2, 5, 0.9, ['##...', '##...']],
    ['right', 3, 4, 0.9, ['..##', '..##', '..##']],
    ['grid', 2, 6, 0.75, ['.#.#.#', '######']],
    ['grid', 6, 2, 0.75, ['.#', '##', '.#', '##', '.#', '##']],
  ] as const)('%s on a grid of %d x %d', (id, rows, columns, ratio, image) => {
    expect(drawn(id, rows, ratio, columns)).toEqual(image);
  });

  test('the single patch is the one that random masking keeps first', () => {
    const noise = torchRand(2, 196);
    expect(Array.from(maskByStrategy('single', noise, 0, BASE).idsKeep)).toEqual([82]);
  });

  test('centre and border hide each other’s rest', () => {
    fc.assert(
      fc.property(grids, fc.nat(400), (grid, count) => {
        const length = patchCount(grid);
        const masked = Math.min(count, length);
        // Half a patch more or less, so that rounding does not decide.
        const noise = torchRand(2, length);
        const centre = maskByStrategy('centre', noise, Math.max(0, (masked - 0.5) / length), grid).mask;
        const border = maskByStrategy(
          'border',
          noise,
          Math.max(0, (length - masked - 0.5) / length),
          grid,
        ).mask;
        expect(border).toEqual(centre.map((removed) => 1 - removed));
      }),
    );
  });
});

function drawn(id: StrategyId, rows: number, ratio: number, columns = rows): string[] {
  const { mask } = maskByStrategy(id, torchRand(2, rows * columns), ratio, { rows, columns });
  return Array.from({ length: rows }, (_, row) =>
    Array.from(mask.subarray(row * columns, (row + 1) * columns), (removed) => (removed ? '#' : '.')).join(
      '',
    ),
  );
}

/** How many sides of patches lie between masked and visible ones. */
function edges(mask: Uint8Array, grid: number): number {
  let count = 0;
  mask.forEach((removed, id) => {
    if (id % grid < grid - 1 && removed !== mask[id + 1]) count += 1;
    if (id + grid < mask.length && removed !== mask[id + grid]) count += 1;
  });
  return count;
}

function expectConsistent({ idsShuffle, idsKeep, idsRestore, mask }: Masking, length: number): void {
  expect(mask.length).toBe(length);
  expect(idsKeep).toEqual(idsShuffle.slice(0, idsKeep.length));
  expect(Array.from(idsShuffle, (id) => idsRestore[id])).toEqual(Array.from({ length }, (_, place) => place));
  expect(mask.reduce((sum, removed) => sum + removed, 0)).toBe(length - idsKeep.length);
  expect(idsKeep.every((id) => mask[id] === 0)).toBe(true);
}

/** How far a row or column of 14 is from the middle, in patches: 0.5 … 6.5. */
function fromMiddle(index: number): number {
  return Math.abs(index - 6.5);
}

/** The part of these patches that is masked. */
function maskedShare(mask: Uint8Array, isMeant: (row: number, column: number) => boolean): number {
  let meant = 0;
  let masked = 0;
  mask.forEach((removed, patch) => {
    if (!isMeant(Math.floor(patch / 14), patch % 14)) return;
    meant += 1;
    masked += removed;
  });
  return masked / meant;
}
