/** From settings to a mask: pure, and quick enough to run while a slider moves. */
import { gridSize, numPatches } from '../mae/config.ts';
import { type Masking as MaskIds, randomMasking } from '../mae/masking.ts';
import { noiseOf, type Settings } from './settings.ts';

/** Sides of picture and patch in pixels, named as in config.json. */
export interface Geometry {
  readonly image_size: number;
  readonly patch_size: number;
}

/** What the page assumes until a model says otherwise: base, large and the bundled model agree on it. */
export const DEFAULT_GEOMETRY: Geometry = { image_size: 224, patch_size: 16 };

/** A mask together with the settings that made it. */
export interface Masking extends MaskIds {
  readonly settings: Settings;
  readonly geometry: Geometry;
  /** Patches along one side. */
  readonly grid: number;
  /** L */
  readonly patches: number;
  /** Patches that the encoder sees. */
  readonly seen: number;
}

/** @throws LensError `seed-invalid`, `mask-invalid` */
export function maskFor(settings: Settings, geometry: Geometry): Masking {
  const patches = numPatches(geometry);
  const ids = randomMasking(noiseOf(settings.seed, settings.generator, patches), settings.ratio);
  return { ...ids, settings, geometry, grid: gridSize(geometry), patches, seen: ids.idsKeep.length };
}

/** Whether two masks hide the same patches. */
export function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
