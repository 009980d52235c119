/** Position embeddings: the fixed ones, for checkpoints that store none, and those of another grid than the model's. */
import { LensError } from '../base/errors.ts';
import { cellOf, type Grid, patchCount, sameGrid } from './geometry.ts';

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

/** How position embeddings are carried over to another grid: the decoder's as the reference does it, or as the encoder's. */
export type PositionInterpolation = 'reference' | '2d';

/**
 * ViTMAEEmbeddings.interpolate_pos_encoding: the encoder's positions for another grid, bicubic in two dimensions.
 * @param table [1 + L, dim], CLS first, for the grid `from`
 * @returns [1 + L', dim] for the grid `to`; the table itself where nothing changes
 */
export function encoderPositions(
  table: Float32Array<ArrayBuffer>,
  from: Grid,
  to: Grid,
): Float32Array<ArrayBuffer> {
  if (sameGrid(from, to)) return table;
  return resizePositions(table, from, to);
}

/**
 * ViTMAEDecoder.interpolate_pos_encoding: the decoder's positions for another grid. The reference resizes them in one
 * dimension, over the flattened sequence; with `2d`, which is ours, they are resized as the encoder's are.
 */
export function decoderPositions(
  table: Float32Array<ArrayBuffer>,
  from: Grid,
  to: Grid,
  interpolation: PositionInterpolation,
): Float32Array<ArrayBuffer> {
  if (interpolation === '2d') return encoderPositions(table, from, to);
  const flat = (grid: Grid) => ({ rows: 1, columns: patchCount(grid) });
  return encoderPositions(table, flat(from), flat(to));
}

function resizePositions(table: Float32Array, from: Grid, to: Grid): Float32Array<ArrayBuffer> {
  const dim = table.length / (1 + patchCount(from));
  const resized = new Float32Array((1 + patchCount(to)) * dim);
  resized.set(table.subarray(0, dim));
  const columns = Array.from({ length: to.columns }, (_, x) => cubicTaps(x, from.columns, to.columns));
  for (let row = 0; row < to.rows; row++) {
    for (const down of cubicTaps(row, from.rows, to.rows)) {
      for (const [column, taps] of columns.entries()) {
        const into = (1 + cellOf(row, column, to)) * dim;
        for (const across of taps) {
          const weight = down.weight * across.weight;
          const source = (1 + cellOf(down.at, across.at, from)) * dim;
          for (let k = 0; k < dim; k++)
            resized[into + k] = (resized[into + k] as number) + weight * (table[source + k] as number);
        }
      }
    }
  }
  return resized;
}

interface Tap {
  readonly at: number;
  readonly weight: number;
}

/** torch's bicubic: a = -0.75, `align_corners` false, coordinates in float32, borders repeated. */
function cubicTaps(index: number, inSize: number, outSize: number): Tap[] {
  const scale = Math.fround(inSize / outSize);
  const position = Math.fround(Math.fround(scale * (index + 0.5)) - 0.5);
  const base = Math.floor(position);
  const t = position - base;
  const near = (x: number) => ((A + 2) * x - (A + 3)) * x * x + 1;
  const far = (x: number) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)]
    .map((weight, i) => ({ at: Math.min(Math.max(base - 1 + i, 0), inSize - 1), weight }))
    .filter(({ weight }) => weight !== 0);
}

const A = -0.75;
