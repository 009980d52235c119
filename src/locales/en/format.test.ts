import { expect, test } from 'vitest';
import { format } from './format.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.00 kB'],
  [9994, '9.99 kB'],
  [99_949, '99.9 kB'],
  [105_888, '106 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [447_631_360, '448 MB'],
  [2_628_298_032, '2.63 GB'],
  [5e12, '5,000 GB'],
])('%d bytes are %s', (size, words) => {
  expect(format.size(size)).toBe(words);
});
