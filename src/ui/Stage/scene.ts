/** What each of the four panels shows, as a pure function of the state. */
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
});

export const reconstructionScene: SceneOf = (state) => ({
  ...frame(state),
  base: reconstructionLayer(state),
  cover: null,
});

/** Seams between seen and painted patches lie exactly on the patch borders, whatever the enlargement. */
export const combinedScene: SceneOf = (state) => {
  const painted = reconstructionLayer(state);
  const result = shownResult(state);
  return {
    ...frame(state),
    base: originalLayer(state),
    cover:
      painted === null || result === null
        ? { mask: state.masking.mask, with: 'grey' }
        : { mask: result.masking.mask, with: painted },
  };
};

/** Whether two scenes look the same. */
export function sameScene(a: Scene, b: Scene): boolean {
  return (
    a.grid === b.grid &&
    a.lines === b.lines &&
    sameLayer(a.base, b.base) &&
    a.cover?.mask === b.cover?.mask &&
    sameLayer(a.cover?.with ?? null, b.cover?.with ?? null)
  );
}

function sameLayer(a: Layer | 'grey' | null, b: Layer | 'grey' | null): boolean {
  if (a === null || b === null || a === 'grey' || b === 'grey') return a === b;
  return a.rgb === b.rgb;
}

function frame({ masking, view }: LensState): Pick<Scene, 'grid' | 'lines'> {
  return { grid: masking.grid, lines: view.patchGrid };
}

function originalLayer({ picture }: LensState): Layer | null {
  return picture === null ? null : { size: picture.prepared.imageSize, rgb: picture.prepared.original };
}

function reconstructionLayer(state: LensState): Layer | null {
  const result = shownResult(state);
  return result === null ? null : { size: result.masking.geometry.image_size, rgb: result.reconstruction };
}

/** Whether the painted panels lag behind the settings. */
export function isLagging(state: LensState): boolean {
  return shownResult(state) !== null && !isCurrent(state);
}
