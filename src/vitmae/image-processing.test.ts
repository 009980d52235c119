import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawImage, type ImageRecipe } from '../image/testing/images.ts';
import { float32Array, readFixture, type StoredArray } from '../mae/reference-fixtures.ts';
import { AutoImageProcessor, RawImage, ViTImageProcessor, type ViTImageProcessorValues } from './index.ts';

interface Fixture {
  readonly cases: readonly {
    readonly name: string;
    readonly image: ImageRecipe;
    readonly width: number;
    readonly height: number;
    readonly config: ViTImageProcessorValues;
    readonly samples: { readonly index: number[]; readonly values: StoredArray };
  }[];
}
/** Of transformers' ViTImageProcessor. */
const { cases } = await readFixture<Fixture>('processor');

describe('pixel_values are those of ViTImageProcessor, bit for bit', () => {
  test.each(cases)('$name', async ({ image, width, height, config, samples }) => {
    const raw = new RawImage(drawImage(image, width, height), width, height, 3);
    const { pixel_values } = await new ViTImageProcessor(config)([raw, raw]);
    const values = pixel_values.data as Float32Array;
    const one = values.length / 2;
    expect(pixel_values.dims.slice(0, 2)).toEqual([2, 3]);
    const expected = float32Array(samples.values);
    for (const offset of [0, one])
      expect(Float32Array.from(samples.index, (i) => values[offset + i] as number)).toEqual(expected);
  });
});

describe('images', () => {
  const raw = new RawImage(
    Uint8ClampedArray.from({ length: 8 * 6 * 3 }, (_, i) => (i * 37) % 256),
    8,
    6,
    3,
  );
  const processor = new ViTImageProcessor({ size: { height: 6, width: 8 } });

  test('are taken as files, paths, Blobs and pixels alike', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mae-lens-image-'));
    const png = await sharp(Buffer.from(raw.data), { raw: { width: 8, height: 6, channels: 3 } })
      .png()
      .toBuffer();
    writeFileSync(join(folder, 'a b.png'), png);
    const wanted = (await processor(raw)).pixel_values.data;
    const bytes = new Uint8Array(png);
    for (const image of [join(folder, 'a b.png'), new Blob([bytes]), new File([bytes], 'x')])
      expect((await processor(image)).pixel_values.data).toEqual(wanted);
    rmSync(folder, { recursive: true });
  });

  test('keep their size without do_resize, and must then have one', async () => {
    expect((await processor(raw, { do_resize: false })).pixel_values.dims).toEqual([1, 3, 6, 8]);
    const other = new RawImage(new Uint8ClampedArray(27), 3, 3, 3);
    await expect(processor([raw, other], { do_resize: false })).rejects.toThrow(
      /3 x 3 pixels and the first 6 x 8/,
    );
  });

  test('of other channels', async () => {
    const grey = new ViTImageProcessor({ size: 4, image_mean: [0.5], image_std: [0.5] });
    expect((await grey(raw)).pixel_values.dims).toEqual([1, 1, 4, 4]);
  });

  test('that are none, and values that no processor has', async () => {
    await expect(processor(3 as never)).rejects.toMatchObject({ code: 'argument-invalid' });
    await expect(processor([])).rejects.toMatchObject({ code: 'argument-invalid' });
    await expect(processor('./nowhere.png')).rejects.toMatchObject({ code: 'image-broken' });
    await expect(processor(new Blob(['text']))).rejects.toMatchObject({ code: 'not-an-image' });
    await expect(processor(raw, { sise: 3 } as object)).rejects.toThrow(/no "sise"/);
    expect(() => new ViTImageProcessor({ resample: 3 })).toThrow(/bilinear/);
  });

  test('saved values come back', async () => {
    const again = await AutoImageProcessor.from_pretrained(await processor.save_pretrained());
    expect(again.to_dict()).toEqual(processor.to_dict());
  });
});
