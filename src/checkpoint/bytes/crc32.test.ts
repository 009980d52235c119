import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadCrc32 } from './crc32.ts';

test('checksums are those of zlib, whichever pieces they are taken in, several at a time', async () => {
  const begin = await loadCrc32();
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
  const [one, other] = [begin(), begin()];
  one.take(bytes.subarray(0, 10));
  other.take(bytes.subarray(3, 9));
  one.take(bytes.subarray(10));
  expect(one.value()).toBe(crc32(bytes));
  expect(other.value()).toBe(crc32(bytes.subarray(3, 9)));
  expect(begin().value()).toBe(0);
});
