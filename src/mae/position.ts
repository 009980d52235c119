/** Fixed position embeddings, for checkpoints that do not store them. */
import { LensError } from '../base/errors.ts';
import { cellOf, type Grid, patchCount } from './geometry.ts';

/**
 * The reference's `get_2d_sincos_pos_embed` with a CLS row: [sin w | cos w | sin h | cos h], a quarter of the
 * width each, with the frequencies 10000^(-k / (dim / 4)); the CLS row is zero.
 * @param dim the model's width, a multiple of 4
 * @returns [1 + L, dim]
 * @throws LensError `config-unsupported` for another width
 */
export function sincosPositions(dim: number, grid: Grid): Float32Array {
  if (dim % 4 !== 0) {
    throw new LensError('config-unsupported/position-width', { width: dim });
  }
  const quarter = dim / 4;
  const embeddings = new Float32Array((1 + patchCount(grid)) * dim);
  for (let k = 0; k < quarter; k++) {
    const omega = 10000 ** (-k / quarter);
    for (let row = 0; row < grid.rows; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const at = (1 + cellOf(row, column, grid)) * dim + k;
        embeddings[at] = Math.sin(column * omega);
        embeddings[at + quarter] = Math.cos(column * omega);
        embeddings[at + 2 * quarter] = Math.sin(row * omega);
        embeddings[at + 3 * quarter] = Math.cos(row * omega);
      }
    }
  }
  return embeddings;
}
