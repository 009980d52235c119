import { describe, expect, test } from 'vitest';
import { HUB } from '../../src/checkpoint/sources/address.ts';
import { PUBLISHED, type PublishedModel, type PublishedSlice } from './published.ts';
import { findModels, judge, progressInWords } from './published-check.ts';

const SLICE: PublishedSlice = {
  source: 'a source',
  image: { url: 'https://example.org/fox.jpg', width: 224, height: 224 },
  generator: 'torch',
  seed: 2,
  slice: [
    [1, -2, 3],
    [4, 5, 6],
    [7, 8, -0.5],
  ],
  atol: 1e-4,
  rtol: 1e-5,
};
const MODEL: PublishedModel = { repository: 'someone/mae', shape: [1, 196, 768], slices: [SLICE] };

/** The page's answer, off by `error` in its last value. */
const answer = (error: number, shape: readonly number[] = MODEL.shape) => ({
  width: 224,
  height: 224,
  shape,
  slice: SLICE.slice.map((row, i) => row.map((value, j) => (i === 2 && j === 2 ? value + error : value))),
});

describe('a published slice', () => {
  test('holds within atol + rtol · |published|, and shows itself', () => {
    expect(judge(MODEL, SLICE, answer(1.04e-4))).toEqual({
      passed: true,
      difference: expect.closeTo(1.04e-4, 8),
      text: 'a source logits[0, :3, :3] max |difference| 1.04e-4: [1.0000 -2.0000 3.0000] [4.0000 5.0000 6.0000] [7.0000 8.0000 -0.4999]',
    });
  });

  test('fails beyond it, and shows both', () => {
    const { passed, text } = judge(MODEL, SLICE, answer(-1.06e-4));
    expect(passed).toBe(false);
    expect(text).toMatch(/1\.06e-4: .* 8\.0000 -0\.5001\], published .* 8\.0000 -0\.5000\]$/);
  });

  test('fails where a value is no number, is missing, or belongs to logits of another shape', () => {
    expect(judge(MODEL, SLICE, answer(Number.NaN))).toMatchObject({
      passed: false,
      text: expect.stringContaining('value 8 is NaN and should be -0.5'),
    });
    expect(judge(MODEL, SLICE, { ...answer(0), slice: [[1, -2, 3]] }).passed).toBe(false);
    expect(judge(MODEL, SLICE, answer(0, [1, 196, 767]))).toMatchObject({
      passed: false,
      text: expect.stringContaining('is [1, 196, 767] and should be [1, 196, 768]'),
    });
    expect(judge(MODEL, SLICE, { error: 'The image is broken.' })).toEqual({
      passed: false,
      difference: Number.POSITIVE_INFINITY,
      text: 'a source: The image is broken.',
    });
  });
});

describe('models', () => {
  test('are found by name, with a revision, at the hub or at a mirror', () => {
    const [base, large] = findModels(
      ['facebook/vit-mae-base', 'facebook/vit-mae-large@refs/pr/1'],
      PUBLISHED,
      'https://mirror.example.org/hub/',
    );
    expect(base).toMatchObject({
      title: 'facebook/vit-mae-base',
      address: { endpoint: 'https://mirror.example.org/hub', revision: 'main' },
    });
    expect(large).toMatchObject({
      title: 'facebook/vit-mae-large@refs/pr/1',
      model: { repository: 'facebook/vit-mae-large' },
      address: { revision: 'refs/pr/1' },
    });
  });

  test.each(['facebook/vit-mae', 'https://example.org/model', ''])('are not found by %j', (name) => {
    expect(() => findModels([name], PUBLISHED, HUB)).toThrow(/numbers for facebook|No model was named/);
  });
});

describe('progress', () => {
  const progress = {
    file: 'model.safetensors',
    loadedBytes: 119_000_000,
    totalBytes: 447_000_000,
    modelLoadedBytes: 120_000_000,
    modelTotalBytes: 448_000_000,
    bytesPerSecond: 11_234_567.8,
    secondsLeft: 29,
  };

  test('is in bytes, with rate and time', () => {
    expect(progressInWords(progress)).toBe('model.safetensors: 120 MB of 448 MB, 11.2 MB/s, about 30 s left');
  });

  test('says what is known', () => {
    const unknown = { ...progress, modelTotalBytes: null, bytesPerSecond: null, secondsLeft: null };
    expect(progressInWords(unknown)).toBe('model.safetensors: 120 MB');
  });
});
