import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { blobSource, memorySource, piecesOf } from './bytes.ts';

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

test('a large range is read in pieces of 4 MiB, none of which cuts a value in two', () => {
  const MIB = 2 ** 20;
  expect([...piecesOf(5, 5)]).toEqual([]);
  expect([...piecesOf(5, 9 * MIB)]).toEqual([
    [5, 5 + 4 * MIB],
    [5 + 4 * MIB, 5 + 8 * MIB],
    [5 + 8 * MIB, 9 * MIB],
  ]);
});

test('memory is read without waiting, and a file where there is no such reader is not', () => {
  const memory = memorySource('weights.bin', BYTES);
  expect(memory.readSync?.(17, 20)).toEqual(BYTES.slice(17, 20));
  expect(() => memory.readSync?.(90, 539)).toThrow(/expected 439 more bytes/);
  expect(blobSource('weights.bin', new Blob([BYTES])).readSync).toBeUndefined();
});

describe('a file in a worker', () => {
  // As the browser's, but Node can read no blob without waiting: the slice is recorded, and its bytes made up.
  const readAsArrayBuffer = vi.fn((part: Blob) => BYTES.slice(0, part.size).buffer);
  beforeEach(() =>
    vi.stubGlobal(
      'FileReaderSync',
      class {
        readAsArrayBuffer = readAsArrayBuffer;
      },
    ),
  );
  afterEach(() => vi.unstubAllGlobals());
  const source = () => blobSource('weights.bin', new Blob([BYTES]));

  test('is read without waiting', () => {
    expect(source().readSync?.(17, 20)).toEqual(BYTES.slice(0, 3));
    expect(() => source().readSync?.(90, 539)).toThrow(/expected 439 more bytes/);
  });

  test('is reported by name when it can no longer be read', () => {
    readAsArrayBuffer.mockImplementationOnce(() => {
      throw new DOMException('gone', 'NotFoundError');
    });
    expect(() => source().readSync?.(0, 1)).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: expect.stringMatching(/^weights\.bin can no longer be read/),
      }),
    );
  });
});
