import { describe, expect, test } from 'vitest';
import type { PixelNormalization } from '../mae/normalization.ts';
import { maskedColour, originalPanel, reconstructionPanel } from '../mae/panels.ts';
import { float32Array, readFixture, type StoredArray, uint8Array } from '../mae/reference-fixtures.ts';
import { maskFor } from '../store/mask/masking.ts';
import { DEFAULT_SETTINGS } from '../store/mask/settings.ts';
import { fileName, panelPixels } from './images.ts';

const SIZE = 8;

/** Two by two patches of which one is hidden: the top right one. */
function panels(interpolation: Uint8ClampedArray | null = null) {
  const settings = { ...DEFAULT_SETTINGS, ratio: 0, painted: new Map([[1, 'hidden' as const]]) };
  const masking = { ...maskFor({ ...settings, ratio: 0.25 }, { image_size: SIZE, patch_size: 4 }) };
  const original = new Uint8ClampedArray(SIZE * SIZE * 3).fill(10);
  const reconstruction = new Uint8ClampedArray(SIZE * SIZE * 3).fill(200);
  const prepared = { id: 'x', width: 1, height: 1, imageSize: SIZE, original, masked: [1, 2, 3] as const };
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
      expect(colour(masked.rgba, x, y)).toEqual([1, 2, 3, 255]);
      expect(colour(combined.rgba, x, y)).toEqual([200, 200, 200, 255]);
    }
    expect(colour(reconstruction.rgba, 0, 0)).toEqual([200, 200, 200, 255]);
    expect(panels().map(({ title }) => title)).toEqual([
      'original',
      'masked',
      'reconstruction',
      'reconstruction + visible',
    ]);
  });

  test('are five with the interpolation', () => {
    const all = panels(new Uint8ClampedArray(SIZE * SIZE * 3).fill(77));
    expect(all.map(({ title }) => title)).toEqual([...panels().map(({ title }) => title), 'interpolation']);
    expect(colour(all[4]?.rgba ?? new Uint8ClampedArray(), 5, 2)).toEqual([77, 77, 77, 255]);
    expect(all.slice(0, 4)).toEqual(panels());
  });
});

interface ReferenceFigure {
  readonly cases: readonly (PixelNormalization & {
    readonly name: string;
    readonly patch_size: number;
    readonly image_size: number;
    readonly pixel_values: StoredArray;
    readonly logits: StoredArray;
    readonly mask: number[];
    readonly panels: Record<'original' | 'masked' | 'reconstruction' | 'pasted', StoredArray>;
  })[];
}

const { cases } = await readFixture<ReferenceFigure>('reconstruction');

test.each(cases)('what is saved is the reference’s figure, byte for byte: $name', (reference) => {
  const { image_size: imageSize, patch_size } = reference;
  const size = { image_size: imageSize, patch_size };
  const original = originalPanel(float32Array(reference.pixel_values), reference);
  const masking = { ...maskFor(DEFAULT_SETTINGS, size), mask: Uint8Array.from(reference.mask) };
  const drawn = panelPixels(
    { prepared: { id: 'x', width: 1, height: 1, imageSize, original, masked: maskedColour(reference) } },
    { reconstruction: reconstructionPanel(float32Array(reference.logits), size, reference), masking },
  );
  const { panels } = reference;
  const expected = [panels.original, panels.masked, panels.reconstruction, panels.pasted].map(uint8Array);
  expect(drawn.map(({ rgba }) => rgba.filter((_, i) => i % 4 !== 3))).toEqual(
    expected.map((bytes) => new Uint8ClampedArray(bytes)),
  );
});

test('the reference’s figures are of two normalisations', () => {
  expect(new Set(cases.map(({ image_mean }) => image_mean.join())).size).toBe(2);
});

test.each([
  ['Cat', 'reconstruction + visible', 'cat-reconstruction-visible.png'],
  ['IMG 0001.JPEG', 'figure', 'img-0001-figure.png'],
  ['猫.png', 'masked', '猫-masked.png'],
  ['../..', 'figure', 'image-figure.png'],
])('a file of %s, %s, is called %s', (image, what, name) => {
  expect(fileName(image, what, 'png')).toBe(name);
});
