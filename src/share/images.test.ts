import { describe, expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { en } from '../locales/en.ts';
import { square } from '../mae/testing/square.ts';
import { maskFor } from '../store/mask/masking.ts';
import { DEFAULT_SETTINGS } from '../store/mask/settings.ts';
import { fileName, panelPixels } from './images.ts';

const SIZE = 8;

/** Two by two patches of which one is hidden: the top right one. */
function panels(interpolation: Uint8ClampedArray | null = null) {
  const settings = { ...DEFAULT_SETTINGS, ratio: 0, painted: new Map([[1, 'masked' as const]]) };
  const masking = { ...maskFor({ ...settings, ratio: 0.25 }, square(SIZE, 4)) };
  const original = new Uint8ClampedArray(SIZE * SIZE * 3).fill(10);
  const reconstruction = new Uint8ClampedArray(SIZE * SIZE * 3).fill(200);
  const prepared = {
    id: 'x',
    width: 1,
    height: 1,
    imageSize: SIZE,
    original,
    normalization: PUBLISHED_PREPROCESSOR,
  };
  return panelPixels(
    { prepared },
    { reconstruction, masking },
    interpolation === null ? null : { panel: interpolation },
  );
}

const colour = (rgba: Uint8ClampedArray, x: number, y: number) =>
  Array.from(rgba.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4));

describe('panelPixels', () => {
  test('are the figure’s four, patch by patch', () => {
    const [original, masked, reconstruction, combined] = panels();
    if (!original || !masked || !reconstruction || !combined) throw new Error('Panels are missing.');
    for (const [x, y] of [
      [0, 0],
      [3, 3],
      [4, 4],
      [0, 7],
    ] as const) {
      expect(colour(masked.rgba, x, y)).toEqual([10, 10, 10, 255]);
      expect(colour(combined.rgba, x, y)).toEqual([10, 10, 10, 255]);
    }
    for (const [x, y] of [
      [4, 0],
      [7, 3],
    ] as const) {
      expect(colour(original.rgba, x, y)).toEqual([10, 10, 10, 255]);
      expect(colour(masked.rgba, x, y)).toEqual([123, 116, 103, 255]);
      expect(colour(combined.rgba, x, y)).toEqual([200, 200, 200, 255]);
    }
    expect(colour(reconstruction.rgba, 0, 0)).toEqual([200, 200, 200, 255]);
    expect(panels().map(({ name }) => name)).toEqual(['original', 'masked', 'reconstruction', 'combined']);
  });

  test('are five with the interpolation', () => {
    const all = panels(new Uint8ClampedArray(SIZE * SIZE * 3).fill(77));
    expect(all.map(({ name }) => name)).toEqual([...panels().map(({ name }) => name), 'interpolation']);
    expect(colour(all[4]?.rgba ?? new Uint8ClampedArray(), 5, 2)).toEqual([77, 77, 77, 255]);
    expect(all.slice(0, 4)).toEqual(panels());
  });
});

test.each([
  ['Cat', 'reconstruction + visible', 'cat-reconstruction-visible.png'],
  ['IMG 0001.JPEG', 'figure', 'img-0001-figure.png'],
  ['猫.png', 'masked', '猫-masked.png'],
  ['../..', 'figure', 'image-figure.png'],
])('a file of %s, %s, is called %s', (image, what, name) => {
  expect(fileName(image, what, 'png', en)).toBe(name);
});
