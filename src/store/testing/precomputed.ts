import { DEFAULT_GEOMETRY } from '../mask/masking.ts';
import type { Precomputed } from '../result/precomputed.ts';

/** A result that was computed ahead for the cat. */
export const AHEAD: Precomputed = {
  modelName: 'Ahead',
  settings: { ratio: 0.75, seed: '2', generator: 'torch', sample: 'cat' },
  geometry: DEFAULT_GEOMETRY,
  loss: 0.9,
  reconstruction: new Uint8ClampedArray(224 * 224 * 3),
};
