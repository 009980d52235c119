/** Fixed position embeddings, for checkpoints that do not store them. */
import { LensError } from '../base/errors.ts';

/**
 * The reference's `get_2d_sincos_pos_embed` with a CLS row: [sin w | cos w | sin h | cos h], a quarter of the
 * width each, with the frequencies 10000^(-k / (dim / 4)); the CLS row is zero.
 * @param dim the model's width, a multiple of 4
 * @param grid patches along one side
 * @returns [1 + grid·grid, dim]
 * @throws LensError `config-unsupported` for another width
 */
export function sincosPositions(dim: number, grid: number): Float32Array {
  if (dim % 4 !== 0) {
    throw new LensError(
      'config-unsupported',
      `This checkpoint has no position embeddings, and a model of width ${dim} has none to fall back on: the width must be a multiple of 4.`,
    );
  }
  const quarter = dim / 4;
  const embeddings = new Float32Array((1 + grid * grid) * dim);
  for (let k = 0; k < quarter; k++) {
    const omega = 10000 ** (-k / quarter);
    for (let position = 0; position < grid; position++) {
      const sin = Math.sin(position * omega);
      const cos = Math.cos(position * omega);
      for (let other = 0; other < grid; other++) {
        const asColumn = (1 + other * grid + position) * dim + k;
        embeddings[asColumn] = sin;
        embeddings[asColumn + quarter] = cos;
        const asRow = (1 + position * grid + other) * dim + 2 * quarter + k;
        embeddings[asRow] = sin;
        embeddings[asRow + quarter] = cos;
      }
    }
  }
  return embeddings;
}
