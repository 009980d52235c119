/**
 * Laplace's equation on some pixels of an image, in ever coarser versions of itself: what a multigrid method
 * works on.
 *
 * A level is a graph of unknown cells with the weights of their connections. Two by two cells become one of the next
 * level, by adding up: the Galerkin product with piecewise constant prolongation (Braess 1995, Towards algebraic
 * multigrid for elliptic problems of second order). On such a graph the sum is again a five-point graph, whatever the
 * shape of the holes.
 */
import { type Grid, patchCount } from '../geometry.ts';

/**
 * Arrays have a rim of one cell, [rows + 2, columns + 2], so that every cell has four neighbours; weights into the rim
 * and to cells that are not unknown are 0.
 */
export interface Level {
  /** Cells without the rim. */
  readonly grid: Grid;
  /** Cells from one row to the next: columns + 2. */
  readonly stride: number;
  /** Where the unknown cells stand, in image order. */
  readonly cells: Int32Array;
  /** Sum of all weights of a cell, those to known neighbours included. */
  readonly diagonal: Float64Array;
  /** Weight to the right neighbour. */
  readonly right: Float64Array;
  /** Weight to the lower neighbour. */
  readonly down: Float64Array;
}

/**
 * The finest level: every unknown pixel is the mean of its neighbours within the image. Nothing crosses the edge
 * of the image (Neumann's condition).
 * @param unknown [rows + 2, columns + 2] with a rim of 0
 */
export function finestLevel(grid: Grid, unknown: Uint8Array): Level {
  const level = emptyLevel(grid, unknown);
  const { stride, cells, diagonal, right, down } = level;
  for (const cell of cells) {
    const row = Math.floor(cell / stride);
    const column = cell % stride;
    diagonal[cell] =
      Number(row > 1) + Number(row < grid.rows) + Number(column > 1) + Number(column < grid.columns);
    right[cell] = unknown[cell + 1] as number;
    down[cell] = unknown[cell + stride] as number;
  }
  return level;
}

/** The finest level and all coarser ones, down to a single cell. */
export function hierarchy(finest: Level): Level[] {
  const levels = [finest];
  for (let level = finest; patchCount(level.grid) > 1; ) {
    level = coarser(level);
    levels.push(level);
  }
  return levels;
}

/** Where a cell of a level lies in the next one. */
export function parentOf(cell: number, level: Level): number {
  const row = Math.floor(cell / level.stride);
  const column = cell % level.stride;
  return ((row + 1) >> 1) * (((level.grid.columns + 1) >> 1) + 2) + ((column + 1) >> 1);
}

function coarser(fine: Level): Level {
  const grid = { rows: (fine.grid.rows + 1) >> 1, columns: (fine.grid.columns + 1) >> 1 };
  const unknown = new Uint8Array(patchCount(withRim(grid)));
  for (const cell of fine.cells) unknown[parentOf(cell, fine)] = 1;
  const coarse = emptyLevel(grid, unknown);
  const { stride } = fine;
  for (const cell of fine.cells) {
    const parent = parentOf(cell, fine);
    add(coarse.diagonal, parent, fine.diagonal[cell] as number);
    connect(parent, parentOf(cell + 1, fine), fine.right[cell] as number, coarse.right);
    connect(parent, parentOf(cell + stride, fine), fine.down[cell] as number, coarse.down);
  }
  return coarse;

  /** A connection within one coarse cell vanishes, from both ends. */
  function connect(from: number, to: number, weight: number, weights: Float64Array): void {
    if (from === to) add(coarse.diagonal, from, -2 * weight);
    else add(weights, from, weight);
  }
}

function emptyLevel(grid: Grid, unknown: Uint8Array): Level {
  const { length } = unknown;
  const cells: number[] = [];
  unknown.forEach((is, cell) => {
    if (is === 1) cells.push(cell);
  });
  return {
    grid,
    stride: withRim(grid).columns,
    cells: Int32Array.from(cells),
    diagonal: new Float64Array(length),
    right: new Float64Array(length),
    down: new Float64Array(length),
  };
}

/** The grid with a rim of one cell. */
export function withRim({ rows, columns }: Grid): Grid {
  return { rows: rows + 2, columns: columns + 2 };
}

function add(values: Float64Array, at: number, value: number): void {
  values[at] = (values[at] as number) + value;
}
