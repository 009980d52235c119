/**
 * Block-wise sampling, the paper's figure 6 (middle, at 50 %): "block-wise sampling [2] that removes large random
 * blocks". [2] is BEiT.
 */
import { LensError } from '../../base/errors.ts';
import { cellOf, type Grid, patchCount } from '../geometry.ts';
import type { Masking } from '../masking.ts';
import { maskedCount, maskingWhere } from './grid-cells.ts';

/** BEiT's smallest block: 16 patches of its 14 x 14 grid. Other grids take the same part. */
const SMALLEST_BLOCK = 16 / 196;
/** BEiT's narrowest block; the widest is its inverse. */
const SMALLEST_ASPECT = 0.3;
/** After so many blocks that do not fit, BEiT's code gives up. */
const TRIES = 10;

/** A block's sides and, where one is found, its top left cell. */
interface Block {
  readonly height: number;
  readonly width: number;
  readonly place: number | null;
}

/**
 * BEiT's blockwise masking (Bao et al., arXiv 2106.08254, section 2.3 and algorithm 1) as its published code draws it
 * (microsoft/unilm, beit/masking_generator.py, with the 16 patches of beit/run_beit_pretraining.py): until enough is
 * masked, take a block whose area is uniform between 16 patches and what is still to hide (in the end that is the
 * smaller one of the two), whose aspect ratio is between 0.3 and 1 / 0.3, uniform in the logarithm, and whose place is
 * uniform. Blocks may overlap; one that is as wide or as high as the image, hides nothing new, or hides more than is
 * still to hide is drawn anew.
 *
 * After ten of those that code stops, with fewer patches masked than were asked for (about every third mask). The
 * paper's figure hides exactly half of them, and so the tenth block here shrinks until it fits, in a place drawn among
 * those where it does: the ratio is met exactly, on any grid.
 * @param noise [L], in [0, 1); four values make a block, and after the last one the first comes again
 * @param maskRatio the part to remove, from 0 to 1
 * @throws LensError `mask-invalid` for another ratio or other noise
 */
export function blockMasking(noise: ArrayLike<number>, grid: Grid, maskRatio: number): Masking {
  const length = patchCount(grid);
  const masked = new Uint8Array(length);
  const draw = drawFrom(noise);
  const smallest = Math.max(1, Math.round(length * SMALLEST_BLOCK));
  let left = maskedCount(length, maskRatio);
  while (left > 0) {
    let block = drawBlock(draw, masked, grid, smallest, left);
    for (let tries = 1; block.place === null && tries < TRIES; tries++) {
      block = drawBlock(draw, masked, grid, smallest, left);
    }
    const { height, width, place } = block.place === null ? shrunk(draw, masked, grid, block, left) : block;
    left -= maskBlock(masked, grid, place ?? 0, height, width);
  }
  return maskingWhere(length, (id) => masked[id] === 1);
}

/** One of BEiT's blocks, with its place unless it does not fit there. */
function drawBlock(
  draw: () => number,
  masked: Uint8Array,
  grid: Grid,
  smallest: number,
  limit: number,
): Block {
  const area = smallest + draw() * (limit - smallest);
  const aspect = Math.exp((1 - 2 * draw()) * Math.log(SMALLEST_ASPECT));
  const height = Math.round(Math.sqrt(area * aspect));
  const width = Math.round(Math.sqrt(area / aspect));
  const [down, across] = [draw(), draw()];
  if (height >= grid.rows || width >= grid.columns) return { height, width, place: null };
  const row = Math.floor(down * (grid.rows - height + 1));
  const place = cellOf(row, Math.floor(across * (grid.columns - width + 1)), grid);
  const fresh = freshIn(masked, grid, place, height, width);
  return { height, width, place: fresh >= 1 && fresh <= limit ? place : null };
}

/** The block made smaller until it fits somewhere, and there. */
function shrunk(draw: () => number, masked: Uint8Array, grid: Grid, block: Block, limit: number): Block {
  let height = clamp(block.height, grid.rows);
  let width = clamp(block.width, grid.columns);
  let places = placesFor(masked, grid, height, width, limit);
  while (places.length === 0) {
    if (height > width) height -= 1;
    else width -= 1;
    places = placesFor(masked, grid, height, width, limit);
  }
  return { height, width, place: places[Math.floor(draw() * places.length)] ?? 0 };
}

function drawFrom(noise: ArrayLike<number>): () => number {
  let next = 0;
  return () => {
    const value = noise[next++ % noise.length];
    if (value === undefined || !(value >= 0 && value < 1)) {
      throw new LensError('mask-invalid/block-noise', { value });
    }
    return value;
  };
}

function clamp(side: number, most: number): number {
  return Math.min(most, Math.max(1, side));
}

/** The top left cells at which a block would hide at least one and at most `limit` patches more. */
function placesFor(masked: Uint8Array, grid: Grid, height: number, width: number, limit: number): number[] {
  const sums = summedArea(masked, grid);
  const at = (row: number, column: number) => sums[row * (grid.columns + 1) + column] as number;
  const places: number[] = [];
  for (let row = 0; row + height <= grid.rows; row++) {
    for (let column = 0; column + width <= grid.columns; column++) {
      const bottom = row + height;
      const right = column + width;
      const old = at(bottom, right) - at(row, right) - at(bottom, column) + at(row, column);
      const fresh = height * width - old;
      if (fresh >= 1 && fresh <= limit) places.push(cellOf(row, column, grid));
    }
  }
  return places;
}

/** [rows + 1, columns + 1]: how many of the cells above and to the left are masked. */
function summedArea(masked: Uint8Array, grid: Grid): Int32Array {
  const stride = grid.columns + 1;
  const sums = new Int32Array(patchCount({ rows: grid.rows + 1, columns: stride }));
  for (let row = 0; row < grid.rows; row++) {
    let inRow = 0;
    for (let column = 0; column < grid.columns; column++) {
      inRow += masked[cellOf(row, column, grid)] as number;
      sums[(row + 1) * stride + column + 1] = (sums[row * stride + column + 1] as number) + inRow;
    }
  }
  return sums;
}

/** How many of the block's patches are not masked yet. */
function freshIn(masked: Uint8Array, grid: Grid, place: number, height: number, width: number): number {
  let fresh = 0;
  for (let row = 0; row < height; row++) {
    const first = place + cellOf(row, 0, grid);
    for (let id = first; id < first + width; id++) {
      fresh += 1 - (masked[id] as number);
    }
  }
  return fresh;
}

/** @returns how many of the block's patches were not masked before */
function maskBlock(masked: Uint8Array, grid: Grid, place: number, height: number, width: number): number {
  const fresh = freshIn(masked, grid, place, height, width);
  for (let row = 0; row < height; row++) {
    const first = place + cellOf(row, 0, grid);
    masked.fill(1, first, first + width);
  }
  return fresh;
}
