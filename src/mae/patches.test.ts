import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueCount } from './geometry.ts';
import { patchify, patchStatistics, unpatchify } from './patches.ts';
import { float32Array, readFixture, type StoredArray, sha256 } from './reference-fixtures.ts';
import { square } from './testing/square.ts';

interface PatchesFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly patch_size: number;
    readonly image_size: number;
    readonly pixel_values: StoredArray;
    readonly patches_sha256: string;
    readonly pred: StoredArray;
    readonly pred_image_sha256: string;
  }[];
}

const sides = fc.integer({ min: 1, max: 5 });
const geometries = fc.record({
  grid: fc.record({ rows: sides, columns: sides }),
  patchSize: sides,
  channels: fc.constantFrom(1, 2, 3, 4),
});

const { cases } = await readFixture<PatchesFixture>('patches');

describe('patchify and unpatchify', () => {
  test.each(cases)('copy as the reference does: $name', async ({ image_size, patch_size, ...stored }) => {
    const geometry = square(image_size, patch_size);
    const hashOf = (values: Float32Array) => sha256(new Float32Array(values));
    const patches = patchify(float32Array(stored.pixel_values), geometry);
    expect(await hashOf(patches)).toBe(stored.patches_sha256);
    expect(unpatchify(patches, geometry)).toEqual(float32Array(stored.pixel_values));
    expect(await hashOf(unpatchify(float32Array(stored.pred), geometry))).toBe(stored.pred_image_sha256);
  });

  test('put channel c of the pixel (px, py) of a patch at (py·p + px)·3 + c', () => {
    const pixelValues = Float32Array.from({ length: 3 * 4 * 4 }, (_, i) => i);
    const patches = patchify(pixelValues, square(4, 2));
    // Patch 1 is at the top right; its second row begins at (2, 1).
    expect(Array.from(patches.subarray(12 + 2 * 3, 12 + 2 * 3 + 3))).toEqual([6, 16 + 6, 32 + 6]);
  });

  test('are inverse to each other on any grid, with any channels', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const values = Float32Array.from({ length: valueCount(geometry) }, (_, i) => i);
        expect(unpatchify(patchify(values, geometry), geometry)).toEqual(values);
        expect(patchify(unpatchify(values, geometry), geometry)).toEqual(values);
      }),
    );
  });

  test('put (y, x, c) of any image where the reference’s formula says', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const { grid, patchSize: p, channels } = geometry;
        const [height, width] = [grid.rows * p, grid.columns * p];
        const patches = patchify(
          Float32Array.from({ length: channels * height * width }, (_, i) => i),
          geometry,
        );
        for (let c = 0; c < channels; c++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
              const patch = Math.floor(y / p) * grid.columns + Math.floor(x / p);
              const inside = ((y % p) * p + (x % p)) * channels + c;
              expect(patches[patch * p * p * channels + inside]).toBe((c * height + y) * width + x);
            }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [48, 4, 3],
    [47, 4, 2],
    [0, 0, 0],
  ])('refuse %d values as an image of side %d in patches of %d', (length, imageSize, patchSize) => {
    expect(() => patchify(new Float32Array(length), square(imageSize, patchSize))).toThrow(RangeError);
    expect(() => unpatchify(new Float32Array(length), square(imageSize, patchSize))).toThrow(RangeError);
  });
});

test('patchStatistics divides the squares by N - 1', () => {
  const { mean, variance } = patchStatistics(new Float32Array([1, 2, 6, 5, 5, 5]), 3);
  expect(Array.from(mean)).toEqual([3, 5]);
  expect(Array.from(variance)).toEqual([7, 0]);
});
