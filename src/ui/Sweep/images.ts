/** What several runs give to look at: the average image, and the spread of each patch. */
import { type Layer, layerOf, reconstructionPanel, wholePanel } from '../../mae/panels.ts';
import { patchStandardDeviations } from '../../mae/patch-moments.ts';
import type { Sweep } from '../../store/sweep/sweep.ts';
import type { Scene } from '../Stage/scene.ts';

/** Over what has no value, as over the patches that the error map does not grade. */
const VEIL = [28, 26, 23] as const;
const VEIL_PART = 0.74;

export interface RunsImages {
  readonly average: Scene;
  readonly spread: Scene;
  /** [L], in display levels (0 to 255); NaN for patches that were masked in fewer than two runs. */
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
  const { moments, geometry, image } = sweep;
  const { original, normalization } = image.prepared;
  if (moments === null) return null;
  const standardDeviationLevels = patchStandardDeviations(
    moments.deviation,
    normalization.image_std.map((std) => std * 255),
  );
  const known = Uint8Array.from(standardDeviationLevels, (value) => (Number.isNaN(value) ? 0 : 1));
  const values = standardDeviationLevels.filter((value) => !Number.isNaN(value));
  const max = values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value), 0);
  const { grid } = geometry;
  const plain = { grid, lines: false, order: null, heat: null };
  const seen = layerOf(original, geometry);
  const painted = layerOf(reconstructionPanel(moments.mean, geometry, normalization), geometry);
  const neverHidden = Uint8Array.from(moments.timesMasked, (times) => (times === 0 ? 1 : 0));
  return {
    average: { ...plain, panel: { image: painted, cover: { grid, mask: neverHidden, with: veiled(seen) } } },
    spread: {
      ...plain,
      panel: wholePanel(seen),
      heat: { errors: standardDeviationLevels, mask: known, max: max ?? 0 },
    },
    standardDeviationLevels,
    max,
    neverHidden: moments.timesMasked.filter((times) => times === 0).length,
    withoutStandardDeviation: known.filter((value) => value === 0).length,
  };
}

/** The dimmed original, for where no run painted. */
function veiled({ rgb, ...size }: Layer): Layer {
  return {
    ...size,
    rgb: rgb.map((level, i) => (1 - VEIL_PART) * level + VEIL_PART * (VEIL[i % VEIL.length] ?? 0)),
  };
}
