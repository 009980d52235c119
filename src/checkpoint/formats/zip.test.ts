import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { asSource, type WrittenEntry, writeZip, type ZipOptions, zipSource } from './testing/zip.ts';
import { locateEntry, readZip } from './zip.ts';

const GIB = 2 ** 30;
const FILES: readonly WrittenEntry[] = [
  { name: 'a/data.pkl', data: 'pickle' },
  { name: 'a/data/0', data: Uint8Array.of(1, 2, 3) },
  { name: 'a/data/ü', data: '' },
];

async function contents(source: ByteSource): Promise<[string, string][]> {
  const read: [string, string][] = [];
  for (const [name, entry] of await readZip(source)) {
    const { start, end } = await locateEntry(source, entry);
    read.push([name, new TextDecoder('latin1').decode(await source.read(start, end))]);
  }
  return read;
}

const EXPECTED = [
  ['a/data.pkl', 'pickle'],
  ['a/data/0', '\x01\x02\x03'],
  ['a/data/ü', ''],
];

describe('a sound archive is read', () => {
  test.each<[string, ZipOptions]>([
    ['as other programs write it', {}],
    ['as PyTorch writes it', { descriptors: true, zip64: true, padding: 40 }],
    ['with a ZIP64 record and nothing large', { zip64: true }],
    ['with all numbers in 64 bits', { zip64Fields: true, padding: 3 }],
    ['with a comment', { comment: 'PK\x05\x06 and so on, '.repeat(9) }],
  ])('%s', async (_, options) => {
    expect(await contents(asSource(writeZip(FILES, options)))).toEqual(EXPECTED);
  });

  test('with nothing in it', async () => {
    expect(await contents(asSource(writeZip([])))).toEqual([]);
  });

  test.each([{ zip64: true }, { zip64Fields: true, descriptors: true }])(
    'beyond 4 GiB, both in size and in place: %o',
    async (options) => {
      const source = zipSource(
        'large.pth',
        [
          { name: 'a/data/0', data: 3 * GIB },
          { name: 'a/data/1', data: 5 * GIB },
          { name: 'a/data/2', data: 'behind them' },
        ],
        options,
      );
      const entries = await readZip(source);
      const places = await Promise.all([...entries.values()].map((entry) => locateEntry(source, entry)));
      expect(places.map(({ start, end }) => end - start)).toEqual([3 * GIB, 5 * GIB, 11]);
      const last = places[2];
      expect(last?.start).toBeGreaterThan(8 * GIB);
      expect(new TextDecoder().decode(await source.read(last?.start ?? 0, last?.end ?? 0))).toBe(
        'behind them',
      );
    },
  );

  test('comes back as it was written, whatever is in it', async () => {
    const entry = fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      data: fc.uint8Array({ maxLength: 40 }),
    });
    const options = fc.record({
      descriptors: fc.boolean(),
      zip64: fc.boolean(),
      zip64Fields: fc.boolean(),
      comment: fc.string({ maxLength: 60 }),
      padding: fc.nat(70),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(entry, { selector: ({ name }) => name }),
        options,
        async (written, how) => {
          expect(await contents(asSource(writeZip(written, how)))).toEqual(
            written.map(({ name, data }) => [name, new TextDecoder('latin1').decode(data)]),
          );
        },
      ),
    );
  });
});

const one = (wrong: NonNullable<WrittenEntry['wrong']>, options: ZipOptions = {}) =>
  writeZip([{ name: 'a', data: '1234', wrong }], options);
const last = (wrong: NonNullable<ZipOptions['wrong']>, options: ZipOptions = {}) =>
  writeZip(FILES, { ...options, wrong });

const BAD: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  [
    'empty',
    new Uint8Array(),
    'its directory, which stands at its end, is missing; the file was probably cut off',
  ],
  [
    'cut off',
    writeZip(FILES).slice(0, -1),
    'its directory, which stands at its end, is missing; the file was probably cut off',
  ],
  [
    'with something after its end',
    Uint8Array.from([...writeZip(FILES), 0]),
    'its directory, which stands at its end, is missing; the file was probably cut off',
  ],
  ['with an entry too few', last({ count: 2 }), 'its directory has 3 entries, and should have 2'],
  ['with an entry too many', last({ count: 4 }), 'its directory has 3 entries, and should have 4'],
  ['whose directory is cut', last({ size: 20 }), 'its directory ends inside an entry'],
  [
    'whose directory starts too late',
    last({ start: 160 }),
    'its directory should have 165 bytes from byte 160 on',
  ],
  ['whose directory starts elsewhere', last({ start: 1 }), 'its directory holds something else'],
  [
    'whose directory is endless',
    last({ size: 2 ** 31 }),
    'its directory should have 2,147,483,648 bytes from byte 126 on',
  ],
  ['without the ZIP64 record that it refers to', last({ start: 0xffff_ffff }), 'its ZIP64 record is missing'],
  [
    'whose ZIP64 record lies outside',
    last({ at64: 2 ** 40 }, { zip64: true }),
    'the ZIP64 record of its directory lies outside of the file',
  ],
  [
    'whose ZIP64 record is something else',
    last({ signature64: 0 }, { zip64: true }),
    'the ZIP64 record of its directory is not where it should be',
  ],
  [
    'whose two records disagree',
    last({ count64: 2 }, { zip64: true }),
    'its two records about its directory contradict each other',
  ],
  [
    'whose ZIP64 record counts further than doubles',
    last({ count64: 2 ** 60 }, { zip64: true }),
    'the ZIP64 record of its directory has numbers that are too large',
  ],
  ['with an entry on another disk', one({ disk: 3 }), 'the entry "a" lies on disk 3 of several'],
  [
    'with an entry that is too long',
    one({ size: 40, unpackedSize: 40 }),
    'the entry "a" overlaps the directory',
  ],
  ['with an entry that starts too late', one({ start: 20 }), 'the entry "a" overlaps the directory'],
  [
    'with an entry that is endless',
    one({ size: 2 ** 50, unpackedSize: 2 ** 50 }),
    'the entry "a" overlaps the directory',
  ],
  [
    'with an entry that is larger than doubles',
    one({ size: 2 ** 60, unpackedSize: 4 }),
    'the entry "a" lacks a ZIP64 number, or it is too large',
  ],
  [
    'with two entries in one place',
    writeZip([...FILES, { name: 'b', data: '', wrong: { start: 0 } }]),
    'overlaps the entry',
  ],
  [
    'with a name twice',
    writeZip([...FILES, { name: 'a/data/0', data: '' }]),
    'the entry "a/data/0" occurs twice',
  ],
  [
    'whose entry is called otherwise in its header',
    one({ localName: 'b' }),
    'the entry "a" is called "b" in its header',
  ],
  [
    'whose entry does not begin there',
    one({ localSignature: 7 }),
    'the entry "a" does not begin where the directory says',
  ],
  [
    'whose header contradicts the directory',
    one({ localMethod: 8, method: 0 }),
    'the entry "a" is compressed by its header, and not by the directory',
  ],
  [
    'whose entry has another size in its header',
    one({ localSize: 3 }),
    'the entry "a" has 3 bytes by its header, and 4 by the directory',
  ],
  [
    'whose entry unpacks to more',
    one({ unpackedSize: 400 }),
    'the entry "a" is stored as it is, and has two sizes: 4 and 400',
  ],
  ['whose header is longer', one({ localPadding: 9 }, { padding: 5 }), 'does not fit in its place'],
  ...[3, 1, 9, 13, 21].map((localPadding): [string, Uint8Array<ArrayBuffer>, string] => [
    `whose header is shorter, ${localPadding}`,
    one({ localPadding }, { padding: 25, descriptors: localPadding > 3 }),
    'the entry "a" does not fill its place',
  ]),
  [
    'whose header is a little longer, before its sizes',
    one({ localPadding: 9 }, { padding: 5, descriptors: true }),
    'the entry "a" does not fill its place',
  ],
  [
    'whose entry has an endless name',
    one({ localName: 'b'.repeat(60), size: 4 }, { padding: 0 }),
    'in its header',
  ],
];

describe('a broken archive is refused', () => {
  test.each(BAD)('%s', async (_, bytes, what) => {
    await expect(contents(asSource(bytes))).rejects.toMatchObject({
      name: 'LensError',
      code: 'checkpoint-malformed',
      message: expect.stringContaining(what),
    });
  });

  test('in whole sentences', async () => {
    await expect(readZip(asSource(new Uint8Array()))).rejects.toThrow(
      "weights.pth is not a sound zip archive, which PyTorch's files are: its directory, which stands at its end, is " +
        'missing; the file was probably cut off. Download or copy the file again.',
    );
  });

  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['a compressed entry', one({ method: 8 }), 'The entry "a" in weights.pth is compressed (method 8)'],
    ['an encrypted entry', one({ flags: 1 }), 'The entry "a" in weights.pth is encrypted'],
    [
      'an entry that is encrypted by its header',
      one({ localFlags: 1 }),
      'The entry "a" in weights.pth is encrypted',
    ],
    ['a part of an archive', last({ disk: 2 }), 'weights.pth is one part of a zip archive'],
    [
      'a part of a large archive',
      last({ disks: 3 }, { zip64: true }),
      'weights.pth is one part of a zip archive',
    ],
  ])('and what it cannot read: %s', async (_, bytes, what) => {
    await expect(contents(asSource(bytes))).rejects.toMatchObject({
      code: 'checkpoint-unsupported',
      message: expect.stringContaining(what),
    });
  });

  test('without a large read for a claim', async () => {
    const claiming = zipSource('claims.pth', [{ name: 'a', data: 2 ** 34 }], {
      wrong: { size: 2 ** 31, start: 100 },
      zip64: false,
    });
    await expect(readZip(claiming)).rejects.toThrow(
      'its directory has 2,147,483,648 bytes, and 16,777,216 is more',
    );
  });

  test('or read, whatever bytes have changed in it, and nothing is read outside of it', async () => {
    const real = writeZip(FILES, { descriptors: true, zip64: true, padding: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(real.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = real.slice();
          for (const [at, value] of changes) bytes[at] = value;
          await contents(asSource(bytes)).catch((error: unknown) => {
            if (!(error instanceof LensError)) throw error;
          });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('wherever it is cut', async () => {
    const real = writeZip(FILES, { descriptors: true, zip64: true });
    for (let size = 0; size < real.byteLength; size++) {
      await expect(readZip(asSource(real.slice(0, size)))).rejects.toThrow(LensError);
    }
  });

  test('when it is noise with a last record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        const end = writeZip([], { zip64: true });
        await contents(asSource(Uint8Array.from([...noise, ...end]))).catch((error: unknown) => {
          if (!(error instanceof LensError)) throw error;
        });
      }),
      { numRuns: 300 },
    );
  });
});
