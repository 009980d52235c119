import { describe, expect, test } from 'vitest';
import { displayNormalization, originalPanel } from '../mae/panels.ts';
import { torchRand } from '../mae/random.ts';
import { float32Array, readFixture, type StoredArray, sha256 } from '../mae/reference-fixtures.ts';
import { channelsOf } from './channels.ts';
import { parsePreprocessorConfig, statesChannels } from './preprocessor-config.ts';
import { displayedImage, toPixelValues } from './processor.ts';
import { resizeChannels } from './resample.ts';

interface ByMode {
  readonly converted_sha256: string;
  readonly sha256: string;
  readonly image_mean?: number[];
  readonly image_std?: number[];
  readonly pixel_values_sha256?: string;
  readonly pixel_values?: StoredArray;
}

type Case = Readonly<Record<'L' | 'LA' | 'RGB' | 'RGBA', ByMode>> & {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly out_width: number;
  readonly out_height: number;
  readonly input_sha256: string;
};

const { cases, grey } = await readFixture<{
  readonly cases: readonly Case[];
  readonly grey: { readonly step: number; readonly sha256: string };
}>('channels');

/** As fixture_channels.py draws it. */
function drawRgba({ seed, width, height }: Case): Uint8ClampedArray<ArrayBuffer> {
  const pixels = Uint8ClampedArray.from(
    torchRand(seed, width * height * 4),
    (value) => (value * 2 ** 24) & 255,
  );
  for (let i = 0; i < width * height; i++) {
    if (i % 3 === 0) pixels[i * 4 + 3] = 255;
    if (i % 7 === 0) pixels[i * 4 + 3] = 0;
  }
  return pixels;
}

const hashOf = (pixels: Uint8ClampedArray) => sha256(new Uint8Array(pixels));

describe.each(cases)('$width x $height to $out_width x $out_height', (given) => {
  const { width, height, out_width, out_height } = given;
  const rgba = drawRgba(given);

  test('is the image that Pillow got', async () => {
    expect(await sha256(rgba)).toBe(given.input_sha256);
  });

  test.each(['L', 'LA', 'RGB', 'RGBA'] as const)('of mode %s has the bytes of Pillow', async (mode) => {
    const expected = given[mode];
    const channels = mode.length;
    const converted = channelsOf(rgba.slice(), channels);
    expect(await hashOf(converted)).toBe(expected.converted_sha256);
    const resized = resizeChannels(converted, channels, width, height, out_width, out_height);
    expect(await hashOf(resized)).toBe(expected.sha256);
  });

  test.each(['L', 'LA', 'RGBA'] as const)('of mode %s has the values of ViTImageProcessor', async (mode) => {
    const { image_mean, image_std, ...expected } = given[mode];
    const channels = mode.length;
    const config = parsePreprocessorConfig({ image_mean, image_std }, channels);
    const converted = channelsOf(rgba.slice(), channels);
    const resized = resizeChannels(converted, channels, width, height, out_width, out_height);
    const values = await toPixelValues(resized, { width: out_width, height: out_height }, config);
    if (expected.pixel_values !== undefined) expect(values).toEqual(float32Array(expected.pixel_values));
    expect(await sha256(new Float32Array(values))).toBe(expected.pixel_values_sha256);
    expect(displayedImage(resized, config)).toEqual(originalPanel(values, displayNormalization(config)));
  });
});

test('grey is that of Pillow for every byte of a channel', async () => {
  const bytes = Array.from({ length: Math.ceil(256 / grey.step) }, (_, i) => i * grey.step);
  const cube = bytes.flatMap((r) => bytes.flatMap((g) => bytes.flatMap((b) => [r, g, b, 255])));
  expect(await hashOf(channelsOf(Uint8ClampedArray.from(cube), 1))).toBe(grey.sha256);
});

test('more than four channels are red, green, blue, and grey for the others, each resized by itself', () => {
  const rgba = Uint8ClampedArray.of(10, 20, 30, 255, 200, 100, 0, 255);
  const six = channelsOf(rgba, 6);
  expect([...six]).toEqual([10, 20, 30, 18, 18, 18, 200, 100, 0, 118, 118, 118]);
  const wide = resizeChannels(six, 6, 2, 1, 5, 3);
  const grey = resizeChannels(channelsOf(rgba, 1), 1, 2, 1, 5, 3);
  expect([...wide].filter((_, i) => i % 6 === 5)).toEqual([...grey]);
});

describe('means and deviations', () => {
  const hub = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

  test.each([
    [1, [0.458971], [0.225609]],
    [2, [0.458971, 0.5], [0.225609, 0.5]],
    [4, [...hub.image_mean, 0.5], [...hub.image_std, 0.5]],
    [5, [...hub.image_mean, 0.458971, 0.458971], [...hub.image_std, 0.225609, 0.225609]],
  ])('of RGB are taken for %d channels as well as they can be', (channels, mean, std) => {
    const { image_mean, image_std } = parsePreprocessorConfig(hub, channels);
    expect({ image_mean, image_std }).toEqual({ image_mean: mean, image_std: std });
    expect(statesChannels(hub, channels)).toBe(false);
  });

  test('are as stated where there is one for each channel, or one for all', () => {
    const grey = { image_mean: [0.1307], image_std: 0.3081 };
    expect(parsePreprocessorConfig(grey, 1)).toMatchObject({ image_mean: [0.1307], image_std: [0.3081] });
    expect(statesChannels(grey, 1)).toBe(true);
    expect(statesChannels(undefined, 3)).toBe(true);
    expect(statesChannels(undefined, 1)).toBe(false);
    // The class's defaults are three equal ones.
    expect(parsePreprocessorConfig({}, 1)).toMatchObject({ image_mean: [0.5], image_std: [0.5] });
  });
});
