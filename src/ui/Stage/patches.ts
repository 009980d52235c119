/** What is known about single patches, in words. Rows and columns are counted from 1, patches from 0 as in Python. */
import type { Words } from '../../locales/words.ts';
import { columnOf, type Grid, rowOf, sameGrid } from '../../mae/geometry.ts';
import { type LensState, shownResult } from '../../store/state.ts';

/** The error of each patch in the result on the stage, where it is known for this grid. */
export function shownErrors(state: LensState): Float32Array | null {
  const result = shownResult(state);
  return result !== null && sameGrid(result.masking.grid, state.masking.grid) ? result.patchErrors : null;
}

/** “Row 3, column 7, masked, error 0.12” */
export function cellLabel(
  cell: number,
  grid: Grid,
  mask: Uint8Array,
  errors: Float32Array | null,
  { stage }: Words,
): string {
  return stage.cell({
    ...placeOf(cell, grid),
    masked: mask[cell] === 1,
    error: errors?.[cell] ?? null,
  });
}

/** The patch under the pointer or in focus, for the line beneath the panels; null when there is none. */
export function patchLine(state: LensState, { stage }: Words): string | null {
  const { patch, masking } = state;
  if (patch === null || patch >= masking.patches) return null;
  return stage.patch({
    patch,
    ...placeOf(patch, masking.grid),
    masked: masking.mask[patch] === 1,
    place: masking.idsRestore[patch] ?? 0,
    error: shownErrors(state)?.[patch] ?? null,
    graded: shownResult(state)?.masking.mask[patch] === 1,
  });
}

/** What to do, while no patch is pointed at. */
export function brushHint({ masking: { settings } }: LensState, { mask: { brush } }: Words): string {
  const { painted, strategy } = settings;
  return painted.size === 0 ? brush.hint : brush.painted({ count: painted.size, strategy });
}

function placeOf(patch: number, grid: Grid) {
  return { row: rowOf(patch, grid) + 1, column: columnOf(patch, grid) + 1 };
}
