/** Solves Laplace's equation on a hierarchy of levels: conjugate gradients, preconditioned by a multigrid cycle. */
import { type Level, parentOf } from './grid.ts';

/**
 * A correction from a coarser level that is constant over its cells is too small by about half; Braess (1995) takes
 * 1.8 of it.
 */
const OVERCORRECTION = 1.8;
/** Far beyond what any mask needs; it ends the loop for data that are not numbers. */
const MAX_STEPS = 200;

/** A level's own arrays, all [rows + 2, columns + 2]: solution, right-hand side, residual. */
interface Workspace {
  readonly level: Level;
  readonly parents: Int32Array;
  readonly x: Float64Array;
  readonly b: Float64Array;
}

/** For one hierarchy: `solve` may be called for any number of right-hand sides. */
export class HarmonicSolver {
  readonly #works: readonly Workspace[];

  /** @param levels from `hierarchy`, the finest first */
  constructor(levels: readonly Level[]) {
    this.#works = levels.map((level) => ({
      level,
      parents: level.cells.map((cell) => parentOf(cell, level)),
      x: new Float64Array(level.diagonal.length),
      b: new Float64Array(level.diagonal.length),
    }));
  }

  /**
   * @param b [rows + 2, columns + 2] of the finest level: for each unknown cell the sum of its known neighbours
   * @param tolerance the largest error that a cell may have, as the last cycle estimates it
   * @returns [rows + 2, columns + 2]; 0 where nothing is unknown
   */
  solve(b: Float64Array, tolerance: number): Float64Array {
    const [finest] = this.#works;
    const solution = new Float64Array(b.length);
    if (finest === undefined) return solution;
    const { cells } = finest.level;
    const residual = b.slice();
    const direction = new Float64Array(b.length);
    const image = new Float64Array(b.length);
    let before = 0;
    for (let step = 0; step < MAX_STEPS; step++) {
      // The cycle's answer to the residual is an estimate of the error.
      const error = this.#cycle(0, residual);
      if (!(largest(error, cells) > tolerance)) break;
      const now = dot(residual, error, cells);
      const beta = step === 0 ? 0 : now / before;
      before = now;
      for (const cell of cells)
        direction[cell] = (error[cell] as number) + beta * (direction[cell] as number);
      apply(finest.level, direction, image);
      const alpha = now / dot(direction, image, cells);
      for (const cell of cells) {
        solution[cell] = (solution[cell] as number) + alpha * (direction[cell] as number);
        residual[cell] = (residual[cell] as number) - alpha * (image[cell] as number);
      }
    }
    return solution;
  }

  /** One V-cycle from zero, the same forwards and backwards, as conjugate gradients need it. */
  #cycle(depth: number, b: Float64Array): Float64Array {
    const work = this.#works[depth] as Workspace;
    const coarse = this.#works[depth + 1];
    const { level, parents, x } = work;
    const { cells } = level;
    x.fill(0);
    for (let i = 0; i < cells.length; i++) relax(level, x, b, cells[i] as number);
    if (coarse === undefined) return x;
    coarse.b.fill(0);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      const parent = parents[i] as number;
      const rest = (b[cell] as number) - outflow(level, x, cell);
      coarse.b[parent] = (coarse.b[parent] as number) + rest;
    }
    const correction = this.#cycle(depth + 1, coarse.b);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      x[cell] = (x[cell] as number) + OVERCORRECTION * (correction[parents[i] as number] as number);
    }
    for (let i = cells.length - 1; i >= 0; i--) relax(level, x, b, cells[i] as number);
    return x;
  }
}

/** Weighted sum of a cell's neighbours. */
function inflow({ stride, right, down }: Level, x: Float64Array, cell: number): number {
  return (
    (right[cell] as number) * (x[cell + 1] as number) +
    (right[cell - 1] as number) * (x[cell - 1] as number) +
    (down[cell] as number) * (x[cell + stride] as number) +
    (down[cell - stride] as number) * (x[cell - stride] as number)
  );
}

/** What the equation says about a cell: its own weight against its neighbours'. */
function outflow(level: Level, x: Float64Array, cell: number): number {
  return (level.diagonal[cell] as number) * (x[cell] as number) - inflow(level, x, cell);
}

/** Gauss and Seidel's step: satisfies one cell's equation. */
function relax(level: Level, x: Float64Array, b: Float64Array, cell: number): void {
  x[cell] = ((b[cell] as number) + inflow(level, x, cell)) / (level.diagonal[cell] as number);
}

function apply(level: Level, x: Float64Array, out: Float64Array): void {
  for (const cell of level.cells) out[cell] = outflow(level, x, cell);
}

function dot(a: Float64Array, b: Float64Array, cells: Int32Array): number {
  let sum = 0;
  for (const cell of cells) sum += (a[cell] as number) * (b[cell] as number);
  return sum;
}

function largest(values: Float64Array, cells: Int32Array): number {
  let most = 0;
  for (const cell of cells) most = Math.max(most, Math.abs(values[cell] as number));
  return most;
}
