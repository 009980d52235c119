import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import { displayNormalization, originalPanel } from '../mae/panels.ts';
import { float32Array, readFixture, type StoredArray, sha256 } from '../mae/reference-fixtures.ts';
import { parsePreprocessorConfig } from './preprocessor-config.ts';
import { displayedImage, toPixelValues } from './processor.ts';
import { resizeBilinear } from './resample.ts';
import { drawImage, type ImageRecipe } from './testing/images.ts';

interface ProcessorFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly image: ImageRecipe;
    readonly width: number;
    readonly height: number;
    readonly config: unknown;
    readonly resized_sha256: string;
    readonly pixel_values?: StoredArray;
    readonly samples: { readonly index: number[]; readonly values: StoredArray };
  }[];
  readonly tables: readonly {
    readonly name: string;
    readonly image_mean: number[];
    readonly image_std: number[];
    readonly rescale_factor: number;
    readonly values: StoredArray;
  }[];
}

const fixture = await readFixture<ProcessorFixture>('processor');

const SIXTEEN = { width: 16, height: 16 };

/** preprocessor_config.json of facebook/vit-mae-base. */
const HUB = {
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: 'ViTFeatureExtractor',
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
  resample: 2,
  size: 224,
};

describe('an image becomes the pixel_values of ViTImageProcessor', () => {
  test.each(fixture.cases)('$name', async ({ image, width, height, samples, ...expected }) => {
    const config = parsePreprocessorConfig(expected.config);
    const rgb = resizeBilinear(
      drawImage(image, width, height),
      width,
      height,
      config.size.width,
      config.size.height,
    );
    expect(await sha256(new Uint8Array(rgb))).toBe(expected.resized_sha256);

    const pixelValues = await toPixelValues(rgb, config.size, config);
    expect(pixelValues.length).toBe(3 * config.size.width * config.size.height);
    if (expected.pixel_values !== undefined) expect(pixelValues).toEqual(float32Array(expected.pixel_values));
    expect(Float32Array.from(samples.index, (at) => pixelValues[at] as number)).toEqual(
      float32Array(samples.values),
    );
  });

  test.each(fixture.tables)('every byte of every channel: $name', async ({ values, ...json }) => {
    const config = parsePreprocessorConfig(json);
    const bytes = Uint8ClampedArray.from({ length: 16 * 16 * 3 }, (_, i) => Math.floor(i / 3));
    const pixelValues = await toPixelValues(bytes, SIXTEEN, config);
    expect(pixelValues).toEqual(float32Array(values));
    expect(displayedImage(bytes, config)).toEqual(originalPanel(pixelValues, displayNormalization(config)));
  });
});

describe('parsePreprocessorConfig', () => {
  test("reads the hub's form", () => {
    expect(parsePreprocessorConfig(HUB)).toEqual({
      size: { height: 224, width: 224 },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
    });
  });

  test("fills in the class's defaults", () => {
    const { size, image_mean, image_std } = parsePreprocessorConfig({});
    expect({ size, image_mean, image_std }).toEqual({
      size: { height: 224, width: 224 },
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
    });
  });

  test('takes one number for all channels', () => {
    expect(parsePreprocessorConfig({ image_mean: 0.4 }).image_mean).toEqual([0.4, 0.4, 0.4]);
  });

  test.each([
    [null, 'not a JSON object'],
    [{ size: 0 }, 'size'],
    [{ size: '224' }, 'size'],
    [{ image_mean: ['0.5'] }, 'image_mean'],
    [{ image_mean: [] }, 'image_mean'],
    [{ image_std: [0.2, 0, 0.2] }, 'image_std'],
    [{ rescale_factor: 0 }, 'rescale_factor'],
    [{ do_normalize: 'yes' }, 'do_normalize'],
  ])('finds %j invalid', (json, named) => {
    expect(() => parsePreprocessorConfig(json)).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(named) }),
    );
  });

  test.each([
    [{ size: { shortest_edge: 224 } }, 'shortest_edge'],
    [{ image_mean: [0.5] }, 'image_mean has 1 values, and the model takes images of 3 channels'],
    [{ resample: 3 }, 'resample'],
    [{ do_resize: false }, 'do_resize'],
  ])('says that it cannot prepare %j', (json, named) => {
    expect(() => parsePreprocessorConfig(json)).toThrow(
      expect.objectContaining({ code: 'config-unsupported', message: expect.stringContaining(named) }),
    );
  });

  test('answers any JSON with a configuration or a LensError', () => {
    const json = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...Object.keys(HUB)), fc.anything()));
    fc.assert(
      fc.property(json, (value) => {
        try {
          expect(parsePreprocessorConfig(value).size.width).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(LensError);
        }
      }),
    );
  });
});

describe('displayNormalization', () => {
  test('is that of the configuration for the published ones', () => {
    const { image_mean, image_std } = parsePreprocessorConfig(HUB);
    expect(displayNormalization(parsePreprocessorConfig(HUB))).toEqual({ image_mean, image_std });
  });

  test.each([
    {},
    { do_normalize: false },
    { do_rescale: false, do_normalize: false },
    { rescale_factor: 1 / 127.5, image_mean: 1, image_std: 1 },
  ])('brings bytes back for %j', async (json) => {
    const config = parsePreprocessorConfig(json);
    const bytes = Uint8ClampedArray.from({ length: 16 * 16 * 3 }, (_, i) => Math.floor(i / 3));
    const panel = originalPanel(await toPixelValues(bytes, SIXTEEN, config), displayNormalization(config));
    // Truncation shows some of them one lower, as in the reference figure.
    expect(panel.every((value, i) => value === bytes[i] || value === (bytes[i] as number) - 1)).toBe(true);
    expect(displayedImage(bytes, config)).toEqual(panel);
  });
});
