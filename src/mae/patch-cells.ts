/**
 * The brush: which patches a gesture covers, and what painting them does. Cells are patch numbers, row by row; all
 * functions return new values.
 */
import { cellOf, columnOf, type Grid, rowOf } from './geometry.ts';
import type { Paint, Painted } from './manual-mask.ts';

/** Paints cells; what was painted on them before is gone. */
export function paintCells(painted: Painted, cells: Iterable<number>, paint: Paint): Painted {
  const next = new Map(painted);
  for (const cell of cells) next.set(cell, paint);
  return next;
}

/** Every patch painted with what it is not. */
export function invert(mask: ArrayLike<number>): Painted {
  return new Map(Array.from(mask, (removed, cell) => [cell, removed === 0 ? 'masked' : 'kept']));
}

/** Every patch painted alike: all masked, or the mask cleared. */
export function paintAll(length: number, paint: Paint): Painted {
  return new Map(Array.from({ length }, (_, cell) => [cell, paint]));
}

/** The paint of a gesture that begins on a cell: the opposite of what is there. */
export function oppositePaint(mask: ArrayLike<number>, cell: number): Paint {
  return mask[cell] === 0 ? 'masked' : 'kept';
}

/** All cells of the rectangle between two corners, both included. */
export function rectangle(grid: Grid, from: number, to: number): number[] {
  const [top, bottom] = sorted(rowOf(from, grid), rowOf(to, grid));
  const [left, right] = sorted(columnOf(from, grid), columnOf(to, grid));
  const cells: number[] = [];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) cells.push(cellOf(row, column, grid));
  }
  return cells;
}

/** The cells on the way between two, both included, so that a quick stroke has no gaps: a straight line. */
export function stroke(grid: Grid, from: number, to: number): number[] {
  const [row, column] = [rowOf(from, grid), columnOf(from, grid)];
  const down = rowOf(to, grid) - row;
  const across = columnOf(to, grid) - column;
  const steps = Math.max(Math.abs(down), Math.abs(across));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const part = steps === 0 ? 0 : step / steps;
    return cellOf(Math.round(row + part * down), Math.round(column + part * across), grid);
  });
}

/** The cells that hang together with one, side by side, and are masked or visible as it is: what filling covers. */
export function region(mask: ArrayLike<number>, grid: Grid, start: number): number[] {
  const seen = new Set([start]);
  for (const cell of seen) {
    for (const next of neighbours(cell, grid)) if (mask[next] === mask[start]) seen.add(next);
  }
  return Array.from(seen).sort((a, b) => a - b);
}

function neighbours(cell: number, grid: Grid): number[] {
  const [row, column] = [rowOf(cell, grid), columnOf(cell, grid)];
  return [
    ...(row > 0 ? [cellOf(row - 1, column, grid)] : []),
    ...(row < grid.rows - 1 ? [cellOf(row + 1, column, grid)] : []),
    ...(column > 0 ? [cell - 1] : []),
    ...(column < grid.columns - 1 ? [cell + 1] : []),
  ];
}

function sorted(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}
