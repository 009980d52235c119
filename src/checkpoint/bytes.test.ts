import { describe, expect, test } from 'vitest';
import { blobSource, memorySource } from './bytes.ts';

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

describe.each([
  { kind: 'a blob', source: blobSource('weights.bin', new Blob([BYTES])) },
  { kind: 'memory', source: memorySource('weights.bin', BYTES) },
  { kind: 'a view', source: memorySource('weights.bin', new Uint8Array(BYTES.slice().buffer, 0, 100)) },
])('$kind as a source', ({ source }) => {
  test('knows its name and size', () => {
    expect(source).toMatchObject({ name: 'weights.bin', size: 100 });
  });

  test.each([
    [0, 100],
    [17, 20],
    [100, 100],
    [0, 0],
  ])('gives the bytes from %i to %i', async (start, end) => {
    expect(await source.read(start, end)).toEqual(BYTES.slice(start, end));
  });

  test('says how much is missing', async () => {
    await expect(source.read(90, 539)).rejects.toMatchObject({
      code: 'checkpoint-malformed',
      message: 'weights.bin ends too early: expected 439 more bytes. Download or copy the file again.',
    });
  });

  test.each([
    [-1, 3],
    [5, 4],
    [0.5, 3],
    [0, Number.NaN],
  ])('refuses %d to %d, which is no range', async (start, end) => {
    await expect(source.read(start, end)).rejects.toThrow(RangeError);
  });
});

test('a file that can no longer be read is reported by name', async () => {
  const blob = new Blob(['x']);
  blob.slice = () => {
    throw new DOMException('gone', 'NotReadableError');
  };
  await expect(blobSource('weights.bin', blob).read(0, 1)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/^weights\.bin can no longer be read/),
  });
});
