import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture, type StoredArray, sha256, uint8Array } from '../mae/reference-fixtures.ts';
import { BilinearResizer, type PassOrder, resizeBilinear } from './resample.ts';
import { drawImage, type ImageRecipe } from './testing/images.ts';

interface ResampleFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly image: ImageRecipe;
    readonly width: number;
    readonly height: number;
    readonly out_width: number;
    readonly out_height: number;
    readonly input_sha256: string;
    readonly sha256: string;
    readonly sha256_horizontal_first: string;
    readonly output?: StoredArray;
  }[];
}

const { cases } = await readFixture<ResampleFixture>('resample');

describe('resizeBilinear', () => {
  test.each(cases)('gives the bytes of Pillow: $name', async ({ image, width, height, ...expected }) => {
    const rgb = drawImage(image, width, height);
    expect(await sha256(rgb)).toBe(expected.input_sha256);
    const { out_width, out_height } = expected;

    const sizes = [width, height, out_width, out_height] as const;
    const newest = new Uint8Array(resizeBilinear(rgb, ...sizes));
    if (expected.output !== undefined) expect(newest).toEqual(uint8Array(expected.output));
    expect(await sha256(newest)).toBe(expected.sha256);

    const older = new Uint8Array(resizeBilinear(rgb, ...sizes, 'horizontal-first'));
    expect(await sha256(older)).toBe(expected.sha256_horizontal_first);
  });

  test('keeps one colour through any change of size', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(size, size, size, size, colour, (width, height, outWidth, outHeight, rgb) => {
        const resized = resizeBilinear(
          drawImage({ kind: 'constant', rgb }, width, height),
          width,
          height,
          outWidth,
          outHeight,
        );
        expect(new Uint8Array(resized)).toEqual(drawImage({ kind: 'constant', rgb }, outWidth, outHeight));
      }),
    );
  });

  test.each([
    [0, 1, 1, 1],
    [1, 1, 0, 1],
    [1, 1.5, 1, 1],
    [1, 1, 1, Number.NaN],
  ])('refuses %d x %d to %d x %d', (width, height, outWidth, outHeight) => {
    expect(() => resizeBilinear(new Uint8Array(3), width, height, outWidth, outHeight)).toThrow(RangeError);
  });
});

describe('BilinearResizer', () => {
  test('gives the same bytes for any banding, with or without alpha', () => {
    const side = fc.integer({ min: 1, max: 30 });
    const band = fc.record({ rows: fc.integer({ min: 0, max: 7 }), channels: fc.constantFrom(3, 4) });
    const run = fc.record({
      sizes: fc.tuple(side, side, side, side),
      order: fc.constantFrom<PassOrder>('horizontal-first', 'as-newest-pillow'),
      seed: fc.nat(1000),
      bands: fc.array(band),
    });
    fc.assert(
      fc.property(run, ({ sizes, order, seed, bands }) => {
        const [width, height] = sizes;
        const image = drawImage({ kind: 'noise', seed }, width, height);
        const resizer = new BilinearResizer(...sizes, { order });
        let y = 0;
        for (const { rows, channels } of [...bands, { rows: height, channels: 3 as const }]) {
          const until = Math.min(height, y + rows);
          const rgb = image.subarray(y * width * 3, until * width * 3);
          resizer.push(channels === 3 ? rgb : withAlpha(rgb), channels);
          y = until;
        }
        expect(resizer.finish()).toEqual(resizeBilinear(image, ...sizes, order));
      }),
    );
  });

  test('refuses parts of rows, rows beyond the last, and an early end', () => {
    const resizer = new BilinearResizer(2, 2, 1, 1);
    expect(() => resizer.push(new Uint8Array(5), 3)).toThrow(RangeError);
    expect(() => resizer.push(new Uint8Array(3 * 6), 3)).toThrow(RangeError);
    expect(() => resizer.finish()).toThrow('Only 0 of 2 rows');
    resizer.push(new Uint8Array(12), 3);
    expect(() => resizer.push(new Uint8Array(6), 3)).toThrow(RangeError);
    expect(resizer.finish().length).toBe(3);
  });
});

function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4);
  for (let i = 0; i < rgb.length / 3; i++) rgba.set([...rgb.subarray(i * 3, i * 3 + 3), i & 255], i * 4);
  return rgba;
}
