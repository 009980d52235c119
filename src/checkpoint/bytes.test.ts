import { describe, expect, test } from 'vitest';
import { type ByteSource, blobSource, memorySource, piecesOf } from './bytes.ts';

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

describe('a large range in pieces', () => {
  const MIB = 2 ** 20;
  const large = Uint8Array.from({ length: 9 * MIB }, (_, i) => (i * 2654435761) >>> 24);
  const start = 5;
  const end = 9 * MIB - 2;

  async function joined(source: ByteSource): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    let at = 0;
    for await (const piece of piecesOf(source, start, end)) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    expect(at).toBe(end - start);
    return bytes;
  }
  const expected = large.subarray(start, end);
  // Deep equality of large arrays takes seconds.
  const same = (bytes: Uint8Array) => Buffer.compare(bytes, expected) === 0;

  test.each([
    { kind: 'a blob', source: blobSource('f', new Blob([large])) },
    { kind: 'memory', source: memorySource('f', large) },
  ])('is whole from $kind, also twice at once and after a reader that gave up', async ({ source }) => {
    const sizes: number[] = [];
    for await (const piece of piecesOf(source, start, end)) sizes.push(piece.byteLength);
    expect(sizes).toEqual([4 * MIB, 4 * MIB, MIB - 7]);
    const [a, b] = await Promise.all([joined(source), joined(source)]);
    expect([same(a), same(b)]).toEqual([true, true]);
    for await (const piece of piecesOf(source, start, end)) {
      expect(piece[0]).toBe(expected[0]);
      break;
    }
    expect(same(await joined(source))).toBe(true);
  });

  test('of a blob shares memory between its pieces', async () => {
    const source = blobSource('f', new Blob([large]));
    for (let i = 0; i < 2; i++) {
      const pieces: Uint8Array[] = [];
      for await (const piece of piecesOf(source, start, end)) pieces.push(piece);
      // All but the last have been taken back.
      expect(pieces.map(({ byteLength }) => byteLength)).toEqual([0, 0, MIB - 7]);
    }
  });

  test('is whole where blobs cannot be read into given memory', async () => {
    const blob = new Blob([large]);
    const slice = blob.slice.bind(blob);
    blob.slice = (from, to) => {
      const part = slice(from, to);
      part.stream = () => new ReadableStream();
      return part;
    };
    expect(same(await joined(blobSource('f', blob)))).toBe(true);
  });

  test('of a file that ends or fails on the way is reported by name, and the next try works', async () => {
    const blob = new Blob([large]);
    const slice = blob.slice.bind(blob);
    const source = blobSource('f', blob);
    for (const broken of [
      () => new Blob([large.subarray(0, 5 * MIB)]).stream(),
      () => new ReadableStream({ type: 'bytes', pull: (controller) => controller.error(new Error('gone')) }),
    ]) {
      blob.slice = () => Object.assign(new Blob(), { stream: broken });
      await expect(joined(source)).rejects.toMatchObject({ code: 'not-found' });
      blob.slice = slice;
      expect(same(await joined(source))).toBe(true);
    }
  });
});
