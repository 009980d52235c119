import { describe, expect, test } from 'vitest';
import {
  maskedPanel,
  originalPanel,
  type PixelNormalization,
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

const IMAGENET: PixelNormalization = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

describe.each(fixture.cases)('the panels of $name', (reference) => {
  const pixelValues = float32Array(reference.pixel_values);
  const logits = float32Array(reference.logits);
  const { mask, panels } = reference;

  test('are those of the notebook, byte for byte', () => {
    expect(bytes(originalPanel(pixelValues, reference))).toEqual(uint8Array(panels.original));
    expect(bytes(maskedPanel(pixelValues, mask, reference, reference))).toEqual(uint8Array(panels.masked));
    expect(bytes(reconstructionPanel(logits, reference, reference))).toEqual(
      uint8Array(panels.reconstruction),
    );
    expect(bytes(reconstructionAndVisiblePanel(logits, pixelValues, mask, reference, reference))).toEqual(
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

test('a masked patch shows as the grey of the reference figure', () => {
  const panel = maskedPanel(new Float32Array(12).fill(2), [1], { image_size: 2, patch_size: 2 }, IMAGENET);
  expect(Array.from(panel.subarray(0, 3))).toEqual([123, 116, 103]);
});

test('shapes that do not belong together are refused', () => {
  expect(() => maskedPanel(new Float32Array(12), [1, 0], { image_size: 2, patch_size: 2 }, IMAGENET)).toThrow(
    RangeError,
  );
});

function bytes(panel: Uint8ClampedArray): Uint8Array {
  return new Uint8Array(panel.buffer);
}
