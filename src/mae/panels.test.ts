import { describe, expect, test } from 'vitest';
import {
  displayNormalization,
  layerOf,
  maskedColor,
  maskedPanel,
  originalPanel,
  type PixelNormalization,
  pixelsOf,
  reconstructionAndVisiblePanel,
  reconstructionPanel,
  rgbaOf,
  wholePanel,
} from './panels.ts';
import { float32Array, readFixture, uint8Array } from './reference-fixtures.ts';
import type { PanelsFixture } from './testing/panels-fixture.ts';
import { square } from './testing/square.ts';

const fixture = await readFixture<PanelsFixture>('reconstruction');

const IMAGENET: PixelNormalization = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const HALF: PixelNormalization = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

test('both normalisations are among the cases', () => {
  for (const { image_mean, image_std } of [IMAGENET, HALF])
    expect(fixture.cases).toContainEqual(expect.objectContaining({ image_mean, image_std }));
});

describe.each(fixture.cases)('the panels of $name', (reference) => {
  const geometry = square(reference.image_size, reference.patch_size);
  const { mask, panels } = reference;
  const original = layerOf(originalPanel(float32Array(reference.pixel_values), reference), geometry);
  const painted = layerOf(reconstructionPanel(float32Array(reference.logits), geometry, reference), geometry);

  test.each([
    ['original', wholePanel(original)],
    ['masked', maskedPanel(original, geometry.grid, mask, reference)],
    ['reconstruction', wholePanel(painted)],
    ['pasted', reconstructionAndVisiblePanel(painted, original, geometry.grid, mask)],
  ] as const)('%s is that of the notebook, byte for byte', (name, panel) => {
    expect(bytes(pixelsOf(panel))).toEqual(uint8Array(panels[name]));
    const rgba = rgbaOf(panel);
    expect(rgba.filter((_, i) => i % 4 < 3)).toEqual(pixelsOf(panel));
    expect(rgba.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
  });
});

test.each(fixture.roundtrip)('bytes come back as they do there, mean $image_mean', (reference) => {
  const { image_mean, image_std } = reference;
  const pixelValues = new Float32Array(3 * 256);
  for (let c = 0; c < 3; c++) {
    for (let byte = 0; byte < 256; byte++) {
      const rescaled = Math.fround(byte * (1 / 255));
      const centered = Math.fround(rescaled - Math.fround(image_mean[c] as number));
      pixelValues[c * 256 + byte] = centered / Math.fround(image_std[c] as number);
    }
  }
  const expected = uint8Array(reference.values);
  const panel = originalPanel(pixelValues, reference);
  for (let c = 0; c < 3; c++) {
    expect(Array.from({ length: 256 }, (_, i) => panel[i * 3 + c])).toEqual(
      Array.from(expected.subarray(c * 256, (c + 1) * 256)),
    );
  }
});

test.each([
  [IMAGENET, [123, 116, 103]],
  [HALF, [127, 127, 127]],
  [{ image_mean: [1.2, -0.3, 0.999], image_std: [1, 1, 1] } as const, [255, 0, 254]],
])('a masked patch shows as zero does: %j', (normalization, grey) => {
  expect(maskedColor(normalization)).toEqual(grey);
  const image = layerOf(new Uint8ClampedArray(12).fill(9), square(2, 2));
  const shown = pixelsOf(maskedPanel(image, square(2, 2).grid, [1], normalization));
  expect(Array.from(shown.subarray(9))).toEqual(grey);
});

test('an image is masked anew for each normalisation, and else is the same pixels again', () => {
  const image = layerOf(new Uint8ClampedArray(12), square(2, 2));
  const cover = (normalization: PixelNormalization) =>
    maskedPanel(image, square(2, 2).grid, [1], normalization).cover?.with.rgb;
  const first = cover(IMAGENET);
  expect(cover(IMAGENET)).toBe(first);
  expect(cover(HALF)?.[0]).toBe(127);
});

test('shapes that do not belong together are refused', () => {
  const image = layerOf(new Uint8ClampedArray(12), square(2, 2));
  const larger = layerOf(new Uint8ClampedArray(48), square(4, 2));
  const { grid } = square(2, 2);
  expect(() => pixelsOf(maskedPanel(image, grid, [1, 0], IMAGENET))).toThrow(RangeError);
  expect(() => pixelsOf(reconstructionAndVisiblePanel(larger, image, grid, [1]))).toThrow(RangeError);
});

describe('displayNormalization', () => {
  const published = { ...HALF, do_rescale: true, rescale_factor: 1 / 255, do_normalize: true };

  test('is the configuration’s, or that of plain bytes', () => {
    expect(displayNormalization(published)).toEqual(HALF);
    expect(maskedColor(displayNormalization({ ...published, do_normalize: false }))).toEqual([0, 0, 0]);
  });
});

function bytes(panel: Uint8ClampedArray): Uint8Array {
  return new Uint8Array(panel.buffer);
}
