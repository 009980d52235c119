import { describe, expect, test } from 'vitest';
import { squareGrid } from './geometry.ts';
import { decoderPositions, encoderPositions, sincosPositions } from './position.ts';
import { float32Array, float64Array, readFixture, type StoredArray } from './reference-fixtures.ts';

interface PositionCase {
  readonly dim: number;
  readonly grid: number;
  readonly rows: number[];
  readonly values: StoredArray;
  readonly row_sums: StoredArray;
}

interface InterpolatedCase {
  readonly side: number;
  readonly rows: number;
  readonly columns: number;
  readonly table: StoredArray;
  readonly encoder: StoredArray;
  readonly decoder: StoredArray;
}

const { cases, interpolated } = await readFixture<{
  cases: PositionCase[];
  interpolated: InterpolatedCase[];
}>('position');

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs((actual[i] as number) - value)).toBeLessThan(2e-6);
}

describe('positions of another grid', () => {
  test.each(interpolated)('are the reference: $side x $side to $rows x $columns', (wanted) => {
    const table = Float32Array.from(float32Array(wanted.table));
    const { rows, columns } = wanted;
    const [from, to] = [squareGrid(wanted.side), { rows, columns }];
    expectClose(encoderPositions(table, from, to), float32Array(wanted.encoder));
    expectClose(decoderPositions(table, from, to, 'reference'), float32Array(wanted.decoder));
    expectClose(decoderPositions(table, from, to, '2d'), float32Array(wanted.encoder));
  });
});

describe('sincosPositions', () => {
  test.each(cases)(
    'is the reference for width $dim and a grid of $grid',
    ({ dim, grid, rows, values, row_sums }) => {
      const embeddings = sincosPositions(dim, squareGrid(grid));
      const expected = float32Array(values);
      for (const [at, row] of rows.entries()) {
        for (let k = 0; k < dim; k++) {
          expect(
            Math.abs((embeddings[row * dim + k] as number) - (expected[at * dim + k] as number)),
          ).toBeLessThan(1e-6);
        }
      }
      for (const [row, sum] of float64Array(row_sums).entries()) {
        const ours = embeddings
          .subarray(row * dim, (row + 1) * dim)
          .reduce((total, value) => total + value, 0);
        expect(Math.abs(ours - sum)).toBeLessThan(1e-6 * dim);
      }
    },
  );

  test('of a grid that is no square are those of a larger one, without the rows and columns that it lacks', () => {
    const [dim, larger, grid] = [8, squareGrid(5), { rows: 3, columns: 5 }];
    expect(sincosPositions(dim, grid)).toEqual(sincosPositions(dim, larger).subarray(0, (1 + 3 * 5) * dim));
    const tall = sincosPositions(dim, { rows: 5, columns: 2 });
    for (let row = 0; row < 5; row++) {
      const from = (1 + row * 5) * dim;
      const at = (1 + row * 2) * dim;
      expect(tall.subarray(at, at + 2 * dim)).toEqual(
        sincosPositions(dim, larger).subarray(from, from + 2 * dim),
      );
    }
  });

  test('needs a width that is a multiple of 4', () => {
    expect(() => sincosPositions(30, squareGrid(2))).toThrow(
      expect.objectContaining({ code: 'config-unsupported' }),
    );
  });
});
