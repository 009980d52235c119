/** What several runs give to look at: the average image, and the spread of each patch. */
import { displayNormalization } from '../../image/processor.ts';
import { reconstructionPanel } from '../../mae/panels.ts';
import { patchStandardDeviations } from '../../mae/patch-moments.ts';
import type { Moments, Sweep } from '../../store/sweep/sweep.ts';
import type { Scene } from '../Stage/scene.ts';

/** Over what has no value, as over the patches that the error map does not grade. */
const VEIL = [28, 26, 23] as const;
const VEIL_PART = 0.74;

export interface RunsImages {
  readonly average: Scene;
  readonly spread: Scene;
  /** [L], in display levels (0 to 255); NaN for patches that were hidden in fewer than two runs. */
  readonly standardDeviationLevels: Float32Array;
  /** The largest spread; null while no patch has one. */
  readonly max: number | null;
  /** Patches that were visible in every run: they have no average. */
  readonly neverHidden: number;
  /** Patches without a spread. */
  readonly withoutStandardDeviation: number;
}

/** @returns null before the first run */
export function imagesOf(sweep: Sweep): RunsImages | null {
  const { moments, geometry, image, model } = sweep;
  if (moments === null) return null;
  const display = displayNormalization(model.preprocessor);
  const [r, g, b] = display.image_std;
  const standardDeviationLevels = patchStandardDeviations(moments.deviation, [r * 255, g * 255, b * 255]);
  const known = Uint8Array.from(standardDeviationLevels, (value) => (Number.isNaN(value) ? 0 : 1));
  const values = standardDeviationLevels.filter((value) => !Number.isNaN(value));
  const max = values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value), 0);
  const size = geometry.image_size;
  const plain = { grid: size / geometry.patch_size, cover: null, lines: false, order: null, heat: null };
  const painted = reconstructionPanel(moments.mean, geometry, display);
  veilNeverHidden(painted, moments, image.prepared.original, sweep.geometry);
  return {
    average: { ...plain, base: { size, rgb: painted } },
    spread: {
      ...plain,
      base: { size, rgb: image.prepared.original },
      heat: { errors: standardDeviationLevels, mask: known, max: max ?? 0 },
    },
    standardDeviationLevels,
    max,
    neverHidden: moments.timesHidden.filter((times) => times === 0).length,
    withoutStandardDeviation: known.filter((value) => value === 0).length,
  };
}

/** Puts the dimmed original where no run painted. */
function veilNeverHidden(
  painted: Uint8ClampedArray,
  { timesHidden }: Moments,
  original: Uint8ClampedArray,
  { image_size: size, patch_size: patch }: Sweep['geometry'],
): void {
  const grid = size / patch;
  for (let i = 0; i < painted.length; i++) {
    const pixel = Math.floor(i / 3);
    const cell = Math.floor(Math.floor(pixel / size) / patch) * grid + Math.floor((pixel % size) / patch);
    if (timesHidden[cell] === 0) {
      painted[i] = (1 - VEIL_PART) * (original[i] ?? 0) + VEIL_PART * (VEIL[i % 3] ?? 0);
    }
  }
}
