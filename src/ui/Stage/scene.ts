/** What each of the panels shows, as a pure function of the state. */
import { type Grid, sameGrid } from '../../mae/geometry.ts';
import {
  type Layer,
  layerOf,
  maskedPanel,
  type Panel,
  reconstructionAndVisiblePanel,
  wholePanel,
} from '../../mae/panels.ts';
import type { Masking } from '../../store/mask/masking.ts';
import { isInterpolationCurrent, shownInterpolation } from '../../store/result/interpolation.ts';
import { isCurrent, type LensState, shownResult } from '../../store/state.ts';

export interface Scene {
  /** Null leaves it empty: nothing is known yet. */
  readonly panel: Panel | null;
  readonly grid: Grid;
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
  panel: whole(originalLayer(state)),
});

export const maskedScene: SceneOf = (state) => ({
  ...frame(state),
  panel: masked(state),
  order: state.view.order ? orderOf(state.masking) : null,
});

export const reconstructionScene: SceneOf = (state) => ({
  ...frame(state),
  panel: whole(reconstructionLayer(state)),
});

/** Seams between kept and painted patches lie exactly on the patch borders, whatever the enlargement. */
export const combinedScene: SceneOf = (state) => {
  const original = originalLayer(state);
  const painted = reconstructionLayer(state);
  const masking = shownResult(state)?.masking;
  const heat = heatOf(state);
  if (heat !== null) return { ...frame(state), panel: whole(original), heat };
  if (original === null || painted === null || masking === undefined)
    return { ...frame(state), panel: masked(state) };
  return {
    ...frame(state),
    panel: reconstructionAndVisiblePanel(painted, original, masking.grid, masking.mask),
  };
};

export const interpolationScene: SceneOf = (state) => {
  const shown = shownInterpolation(state);
  const layer = shown === null ? null : layerOf(shown.panel, shown.masking.geometry);
  return { ...frame(state), panel: whole(layer) };
};

/** Whether two scenes look the same. */
export function sameScene(a: Scene, b: Scene): boolean {
  return (
    sameGrid(a.grid, b.grid) &&
    a.lines === b.lines &&
    a.order?.idsRestore === b.order?.idsRestore &&
    a.heat?.errors === b.heat?.errors &&
    a.panel?.image.rgb === b.panel?.image.rgb &&
    a.panel?.cover?.mask === b.panel?.cover?.mask &&
    a.panel?.cover?.with.rgb === b.panel?.cover?.with.rgb
  );
}

/** The errors of the shown result; null while they are not asked for, not known, or nothing was masked. */
export function heatOf(state: LensState): Heat | null {
  if (!state.view.errors) return null;
  const result = shownResult(state);
  if (result === null || result.patchErrors === null || result.masking.kept === result.masking.patches) {
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

function orderOf({ idsRestore, kept }: Masking): Scene['order'] {
  return { idsRestore, kept };
}

function frame({ masking, view }: LensState): Pick<Scene, 'grid' | 'lines' | 'order' | 'heat'> {
  return { grid: masking.grid, lines: view.patchGrid, order: null, heat: null };
}

function whole(layer: Layer | null): Panel | null {
  return layer === null ? null : wholePanel(layer);
}

function masked(state: LensState): Panel | null {
  const { image, masking } = state;
  const original = originalLayer(state);
  return image === null || original === null
    ? null
    : maskedPanel(original, masking.grid, masking.mask, image.prepared.normalization);
}

function originalLayer({ image }: LensState): Layer | null {
  if (image === null) return null;
  const { imageSize, original } = image.prepared;
  return { width: imageSize, height: imageSize, rgb: original };
}

function reconstructionLayer(state: LensState): Layer | null {
  const result = shownResult(state);
  return result === null ? null : layerOf(result.reconstruction, result.masking.geometry);
}

/** Whether the painted panels lag behind the settings. */
export function isLagging(state: LensState): boolean {
  return shownResult(state) !== null && !isCurrent(state);
}

/** Whether the interpolation lags behind the settings. */
export function isInterpolationLagging(state: LensState): boolean {
  return shownInterpolation(state) !== null && !isInterpolationCurrent(state);
}
