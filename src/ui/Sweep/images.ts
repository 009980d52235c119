/** What several runs give to look at: the average image, and the spread of each patch. */
import { displayNormalization } from '../../image/processor.ts';
import { patchSpread } from '../../mae/patch-moments.ts';
import { reconstructionPanel } from '../../mae/panels.ts';
import type { Moments, Survey } from '../../store/sweep/sweep.ts';
import type { Scene } from '../Stage/scene.ts';

/** Over what has no value, as over the patches that the error map does not grade. */
const VEIL = [28, 26, 23] as const;
const VEIL_PART = 0.74;

export interface RunsImages {
  readonly average: Scene;
  readonly spread: Scene;
  /** [L], in display levels (0 to 255); NaN for patches that were hidden in fewer than two runs. */
  readonly spreadLevels: Float32Array;
  /** The largest spread; null while no patch has one. */
  readonly max: number | null;
  /** Patches that were visible in every run: they have no average. */
  readonly neverHidden: number;
  /** Patches without a spread. */
  readonly withoutSpread: number;
}

/** @returns null before the first run */
export function imagesOf(survey: Survey): RunsImages | null {
  const { moments, geometry, image, model } = survey;
  if (moments === null) return null;
  const display = displayNormalization(model.preprocessor);
  const [r, g, b] = display.image_std;
  const spreadLevels = patchSpread(moments.deviation, [r * 255, g * 255, b * 255]);
  const known = Uint8Array.from(spreadLevels, (value) => (Number.isNaN(value) ? 0 : 1));
  const values = spreadLevels.filter((value) => !Number.isNaN(value));
  const max = values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value), 0);
  const size = geometry.image_size;
  const plain = { grid: size / geometry.patch_size, cover: null, lines: false, order: null, heat: null };
  const painted = reconstructionPanel(moments.mean, geometry, display);
  veilNeverHidden(painted, moments, image.prepared.original, survey.geometry);
  return {
    average: { ...plain, base: { size, rgb: painted } },
    spread: {
      ...plain,
      base: { size, rgb: image.prepared.original },
      heat: { errors: spreadLevels, mask: known, max: max ?? 0 },
    },
    spreadLevels,
    max,
    neverHidden: moments.timesHidden.filter((times) => times === 0).length,
    withoutSpread: known.filter((value) => value === 0).length,
  };
}

/** Puts the dimmed original where no run painted. */
function veilNeverHidden(
  painted: Uint8ClampedArray,
  { timesHidden }: Moments,
  original: Uint8ClampedArray,
  { image_size: size, patch_size: patch }: Survey['geometry'],
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
