/** What is known about single patches, in words. Rows and columns are counted from 1, patches from 0 as in Python. */
import { columnOf, type Grid, rowOf, sameGrid } from '../../mae/geometry.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { type LensState, shownResult } from '../../store/state.ts';
import { loss } from '../words.ts';

/** The error of each patch in the result on the stage, where it is known for this grid. */
export function shownErrors(state: LensState): Float32Array | null {
  const result = shownResult(state);
  return result !== null && sameGrid(result.masking.grid, state.masking.grid) ? result.patchErrors : null;
}

/** “Row 3, column 7, masked, error 0.12” */
export function cellLabel(cell: number, grid: Grid, mask: Uint8Array, errors: Float32Array | null): string {
  const place = `Row ${rowOf(cell, grid) + 1}, column ${columnOf(cell, grid) + 1}`;
  if (mask[cell] !== 1) return `${place}, visible`;
  const error = errors?.[cell];
  return error === undefined ? `${place}, masked` : `${place}, masked, error ${error.toFixed(2)}`;
}

/** The patch under the pointer or in focus, for the line beneath the panels; null when there is none. */
export function patchWords(state: LensState): readonly string[] | null {
  const { patch, masking } = state;
  if (patch === null || patch >= masking.patches) return null;
  const hidden = masking.mask[patch] === 1;
  const place = masking.idsRestore[patch] ?? 0;
  const error = shownErrors(state)?.[patch];
  const wasHidden = shownResult(state)?.masking.mask[patch] === 1;
  return [
    `Patch ${patch}`,
    `row ${rowOf(patch, masking.grid) + 1}, column ${columnOf(patch, masking.grid) + 1}`,
    hidden ? 'masked' : 'visible',
    `${hidden ? 'place' : 'kept as number'} ${place} in the shuffled order`,
    ...(error === undefined ? [] : [`error ${loss(error)}${wasHidden ? '' : ', not graded'}`]),
  ];
}

/** What to do, while no patch is pointed at. */
export function brushHint({ masking }: LensState): string {
  const { painted, strategy } = masking.settings;
  if (painted.size === 0) {
    return 'The mask is yours: draw on the masked image to hide and reveal patches.';
  }
  const one = painted.size === 1;
  return `${painted.size} ${one ? 'patch' : 'patches'} painted by hand, the others ${strategy === 'random' ? 'random' : `as ${findStrategy(strategy)?.label.toLowerCase()}`}.`;
}
