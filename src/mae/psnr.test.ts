import { expect, test } from 'vitest';
import { psnr } from './psnr.ts';

test('is what scikit-image gives', () => {
  // skimage.metrics.peak_signal_noise_ratio(np.uint8([0, 10, 200, 255]), np.uint8([1, 8, 205, 255]))
  expect(psnr([0, 10, 200, 255], [1, 8, 205, 255])).toBeCloseTo(39.3802, 3);
  expect(psnr([0], [255])).toBe(0);
});

test('is infinite for equal images, and refuses different sizes', () => {
  expect(psnr([1, 2], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(() => psnr([1], [1, 2])).toThrow(RangeError);
});
