import { describe, expect, test } from 'vitest';
import { IMAGENET, type PixelNormalization } from './normalization.ts';
import {
  maskedColour,
  maskedPanel,
  originalPanel,
  reconstructionAndVisiblePanel,
  reconstructionPanel,
} from './panels.ts';
import { float32Array, readFixture, type StoredArray, uint8Array } from './reference-fixtures.ts';

interface PanelsFixture {
  readonly cases: readonly (PixelNormalization & {
    readonly name: string;
    readonly patch_size: number;
    readonly image_size: number;
    readonly pixel_values: StoredArray;
    readonly logits: StoredArray;
    readonly mask: number[];
    readonly panels: Record<'original' | 'masked' | 'reconstruction' | 'pasted', StoredArray>;
  })[];
  readonly roundtrip: readonly (PixelNormalization & { readonly values: StoredArray })[];
}

const fixture = await readFixture<PanelsFixture>('reconstruction');

describe.each(fixture.cases)('the panels of $name', (reference) => {
  const pixelValues = float32Array(reference.pixel_values);
  const logits = float32Array(reference.logits);
  const { mask, panels } = reference;

  test('are those of the notebook, byte for byte', () => {
    const original = originalPanel(pixelValues, reference);
    const reconstruction = reconstructionPanel(logits, reference, reference);
    expect(bytes(original)).toEqual(uint8Array(panels.original));
    expect(bytes(maskedPanel(original, mask, reference, maskedColour(reference)))).toEqual(
      uint8Array(panels.masked),
    );
    expect(bytes(reconstruction)).toEqual(uint8Array(panels.reconstruction));
    expect(bytes(reconstructionAndVisiblePanel(original, reconstruction, mask, reference))).toEqual(
      uint8Array(panels.pasted),
    );
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

test('masked patches have the colour of zero in normalised space', () => {
  expect(maskedColour(IMAGENET)).toEqual([123, 116, 103]);
  const half = [0.5, 0.5, 0.5] as const;
  expect(maskedColour({ image_mean: half, image_std: half })).toEqual([127, 127, 127]);
});

test('shapes that do not belong together are refused', () => {
  const sizes = { image_size: 2, patch_size: 2 };
  expect(() => maskedPanel(new Uint8ClampedArray(12), [1, 0], sizes, [0, 0, 0])).toThrow(RangeError);
  expect(() => maskedPanel(new Uint8ClampedArray(11), [1], sizes, [0, 0, 0])).toThrow(RangeError);
});

function bytes(panel: Uint8ClampedArray): Uint8Array {
  return new Uint8Array(panel.buffer);
}
