/**
 * Peak signal-to-noise ratio of two images of equal size, in decibels: 10 · log10(255² / MSE).
 * Infinite when they are equal.
 * @throws RangeError when the sizes differ
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(`Images of ${a.length} and ${b.length} values cannot be compared.`);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}
