/** What each of the panels shows, as a pure function of the state. */

import type { Masking } from '../../store/mask/masking.ts';
import { isInterpolationCurrent, shownInterpolation } from '../../store/result/interpolation.ts';
import { isCurrent, type LensState, shownResult } from '../../store/state.ts';

/** Pixels, [S, S, 3]. */
export interface Layer {
  readonly size: number;
  readonly rgb: Uint8ClampedArray;
}

export interface Scene {
  /** Fills the panel; null leaves it in the mask's grey: nothing is known yet. */
  readonly base: Layer | null;
  /** Drawn over the base where `mask` is 1: a layer, or the mask's grey. */
  readonly cover: { readonly mask: Uint8Array; readonly with: Layer | 'grey' } | null;
  /** Patches along one side. */
  readonly grid: number;
  /** Whether the patch borders are drawn. */
  readonly lines: boolean;
  /** Each patch's place in the shuffled order is written on it; the first `kept` are kept. */
  readonly order: { readonly idsRestore: Int32Array; readonly kept: number } | null;
  /** Masked patches are coloured by their error. */
  readonly heat: Heat | null;
}

export interface Heat {
  /** [L] */
  readonly errors: Float32Array;
  /** [L], 1 = removed: only these were graded. */
  readonly mask: Uint8Array;
  /** The largest error of a masked patch: the end of the colours' scale. */
  readonly max: number;
}

export type SceneOf = (state: LensState) => Scene;

export const originalScene: SceneOf = (state) => ({
  ...frame(state),
  base: originalLayer(state),
  cover: null,
});

export const maskedScene: SceneOf = (state) => ({
  ...frame(state),
  base: originalLayer(state),
  cover: { mask: state.masking.mask, with: 'grey' },
  order: state.view.order ? orderOf(state.masking) : null,
});

export const reconstructionScene: SceneOf = (state) => ({
  ...frame(state),
  base: reconstructionLayer(state),
  cover: null,
});

/** Seams between kept and painted patches lie exactly on the patch borders, whatever the enlargement. */
export const combinedScene: SceneOf = (state) => {
  const painted = reconstructionLayer(state);
  const result = shownResult(state);
  const heat = heatOf(state);
  if (heat !== null) return { ...frame(state), base: originalLayer(state), cover: null, heat };
  return {
    ...frame(state),
    base: originalLayer(state),
    cover:
      painted === null || result === null
        ? { mask: state.masking.mask, with: 'grey' }
        : { mask: result.masking.mask, with: painted },
  };
};

export const interpolationScene: SceneOf = (state) => {
  const shown = shownInterpolation(state);
  const base = shown === null ? null : { size: shown.prepared.imageSize, rgb: shown.panel };
  return { ...frame(state), base, cover: null };
};

/** Whether two scenes look the same. */
export function sameScene(a: Scene, b: Scene): boolean {
  return (
    a.grid === b.grid &&
    a.lines === b.lines &&
    a.order?.idsRestore === b.order?.idsRestore &&
    a.heat?.errors === b.heat?.errors &&
    sameLayer(a.base, b.base) &&
    a.cover?.mask === b.cover?.mask &&
    sameLayer(a.cover?.with ?? null, b.cover?.with ?? null)
  );
}

function sameLayer(a: Layer | 'grey' | null, b: Layer | 'grey' | null): boolean {
  if (a === null || b === null || a === 'grey' || b === 'grey') return a === b;
  return a.rgb === b.rgb;
}

/** The errors of the shown result; null while they are not asked for, not known, or nothing was masked. */
export function heatOf(state: LensState): Heat | null {
  if (!state.view.errors) return null;
  const result = shownResult(state);
  if (result === null || result.patchErrors === null || result.masking.seen === result.masking.patches) {
    return null;
  }
  const known = heats.get(result.patchErrors);
  if (known !== undefined) return known;
  const { mask } = result.masking;
  const max = result.patchErrors.reduce(
    (most, error, cell) => (mask[cell] === 1 ? Math.max(most, error) : most),
    0,
  );
  const heat = { errors: result.patchErrors, mask, max };
  heats.set(result.patchErrors, heat);
  return heat;
}

const heats = new WeakMap<Float32Array, Heat>();

function orderOf({ idsRestore, seen }: Masking): Scene['order'] {
  return { idsRestore, kept: seen };
}

function frame({ masking, view }: LensState): Pick<Scene, 'grid' | 'lines' | 'order' | 'heat'> {
  return { grid: masking.grid, lines: view.patchGrid, order: null, heat: null };
}

function originalLayer({ image }: LensState): Layer | null {
  return image === null ? null : { size: image.prepared.imageSize, rgb: image.prepared.original };
}

function reconstructionLayer(state: LensState): Layer | null {
  const result = shownResult(state);
  return result === null ? null : { size: result.masking.geometry.image_size, rgb: result.reconstruction };
}

/** Whether the painted panels lag behind the settings. */
export function isLagging(state: LensState): boolean {
  return shownResult(state) !== null && !isCurrent(state);
}

/** Whether the interpolation lags behind the settings. */
export function isInterpolationLagging(state: LensState): boolean {
  return shownInterpolation(state) !== null && !isInterpolationCurrent(state);
}
