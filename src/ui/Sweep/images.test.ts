import { describe, expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import { pixelsOf } from '../../mae/panels.ts';
import { square } from '../../mae/testing/square.ts';
import { DEFAULT_SETTINGS } from '../../store/mask/settings.ts';
import type { Moments, Sweep } from '../../store/sweep/sweep.ts';
import { modelInfo } from '../../store/testing/fake-engine.ts';
import { imagesOf } from './images.ts';

/** Four patches of one pixel each. */
function sweep(moments: Moments | null): Sweep {
  const original = new Uint8ClampedArray(12).fill(100);
  return {
    kind: 'seeds',
    image: {
      key: 1,
      name: 'Cat',
      blob: new Blob(),
      prepared: {
        id: 'p',
        width: 2,
        height: 2,
        imageSize: 2,
        original,
        normalization: PUBLISHED_PREPROCESSOR,
      },
      preparedWith: null,
    },
    model: modelInfo({ imageSize: 2, patchSize: 1, preprocessor: PUBLISHED_PREPROCESSOR }),
    source: { kind: 'url', name: 'Test model', baseUrl: 'http://localhost/' },
    settings: DEFAULT_SETTINGS,
    geometry: square(2, 1),
    total: 8,
    outcomes: [],
    moments,
    status: 'running',
    error: null,
    waiting: null,
    secondsLeft: null,
  };
}

describe('the images of several runs', () => {
  const none = Number.NaN;
  const moments: Moments = {
    timesMasked: Uint32Array.of(3, 2, 1, 0),
    mean: Float32Array.of(0, 0, 0, 1, 1, 1, -9, 0, 9, 0, 0, 0),
    deviation: Float32Array.of(0.1, 0.1, 0.1, 0, 0, 0, none, none, none, none, none, none),
  };
  const images = imagesOf(sweep(moments));

  test('show the average in the display’s levels, and dim what no run painted', () => {
    const panel = images?.average.panel ?? null;
    const rgb = panel === null ? [] : pixelsOf(panel);
    // Zero in normalised space is the mean's grey; one is a standard deviation more; the rest is clipped.
    expect([...rgb].slice(0, 9)).toEqual([123, 116, 103, 182, 173, 160, 0, 116, 255]);
    expect([...rgb].slice(9)).toEqual([0, 1, 2].map((i) => Math.round(26 + 0.74 * ([28, 26, 23][i] ?? 0))));
    expect(images?.neverHidden).toBe(1);
  });

  test('give the spread in levels, and none where fewer than two runs painted', () => {
    const levels = [0.229, 0.224, 0.225].map((std) => 0.1 * std * 255);
    const expected = Math.sqrt(levels.reduce((sum, value) => sum + value ** 2, 0) / 3);
    expect(images?.standardDeviationLevels[0]).toBeCloseTo(expected, 4);
    expect(images?.standardDeviationLevels[1]).toBe(0);
    expect(images?.max).toBeCloseTo(expected, 4);
    expect([...(images?.spread.heat?.mask ?? [])]).toEqual([1, 1, 0, 0]);
    expect(images?.withoutStandardDeviation).toBe(2);
  });

  test('have no scale after one run, and are none before it', () => {
    const one = { ...moments, deviation: new Float32Array(12).fill(none) };
    expect(imagesOf(sweep(one))?.max).toBeNull();
    expect(imagesOf(sweep(null))).toBeNull();
  });
});
