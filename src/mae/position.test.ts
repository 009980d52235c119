import { describe, expect, test } from 'vitest';
import { sincosPositions } from './position.ts';
import { float32Array, float64Array, readFixture, type StoredArray } from './reference-fixtures.ts';

interface PositionCase {
  readonly dim: number;
  readonly grid: number;
  readonly rows: number[];
  readonly values: StoredArray;
  readonly row_sums: StoredArray;
}

const { cases } = await readFixture<{ cases: PositionCase[] }>('position');

describe('sincosPositions', () => {
  test.each(cases)(
    'is the reference for width $dim and a grid of $grid',
    ({ dim, grid, rows, values, row_sums }) => {
      const embeddings = sincosPositions(dim, grid);
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

  test('needs a width that is a multiple of 4', () => {
    expect(() => sincosPositions(30, 2)).toThrow(expect.objectContaining({ code: 'config-unsupported' }));
  });
});
