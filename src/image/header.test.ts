import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FileKind, readSize, sniff } from './header.ts';

const SIZE = { width: 640, height: 480 };

/** The beginnings of 640 x 480 images, by the formats' specifications. */
const IMAGES: readonly (readonly [string, FileKind, Uint8Array])[] = [
  ['a JPEG', 'jpeg', jpeg(0xc0, [segment(0xe0, 14), segment(0xe1, 3000), segment(0xc4, 20)])],
  ['a progressive JPEG', 'jpeg', jpeg(0xc2, [segment(0xdb, 65), [0xff, 0xff]])],
  ['a PNG', 'png', bytesOf('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(640), be32(480), [8, 2, 0, 0, 0])],
  ['a GIF', 'gif', bytesOf('GIF89a', le16(640), le16(480), [0, 0, 0])],
  ['an old GIF', 'gif', bytesOf('GIF87a', le16(640), le16(480), [0, 0, 0])],
  ['a BMP', 'bmp', bytesOf('BM', new Array(12).fill(0), le32(40), le32(640), le32(480))],
  ['a BMP from the top', 'bmp', bytesOf('BM', new Array(12).fill(0), le32(124), le32(640), le32(-480))],
  ['an OS/2 BMP', 'bmp', bytesOf('BM', new Array(12).fill(0), le32(12), le16(640), le16(480))],
  ['a lossy WebP', 'webp', webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a], le16(640), le16(480))],
  ['a lossless WebP', 'webp', webp('VP8L', [0x2f], le32(639 | (479 << 14)))],
  ['an extended WebP', 'webp', webp('VP8X', [0, 0, 0, 0], le32(639).slice(0, 3), le32(479).slice(0, 3))],
  ['an AVIF', 'avif', media('avif', ['mif1', 'miaf'])],
  ['an AVIF by its second brand', 'avif', media('mif1', ['avif'])],
  ['a HEIC', 'heic', media('heic', ['mif1', 'heic'])],
];

const OTHERS: readonly (readonly [string, FileKind, Uint8Array])[] = [
  ['an icon', 'ico', bytesOf([0, 0, 1, 0, 1, 0])],
  ['a TIFF', 'tiff', bytesOf('II*\0', le32(8))],
  ['a TIFF of the other order', 'tiff', bytesOf('MM\0*', be32(8))],
  ['a CR3', 'tiff', bytesOf(be32(24), 'ftypcrx ', be32(1), 'crx isom')],
  ['a JPEG XL stream', 'jxl', bytesOf([0xff, 0x0a, 0xfa])],
  ['a JPEG XL file', 'jxl', bytesOf(be32(12), 'JXL \r\n\x87\n')],
  ['an MP4', 'video', bytesOf(be32(24), 'ftypisom', be32(512), 'isomavc1')],
  ['a WebM', 'video', bytesOf([0x1a, 0x45, 0xdf, 0xa3, 1])],
  ['a PDF', 'pdf', bytesOf('%PDF-1.7\n')],
  ['a Photoshop file', 'psd', bytesOf('8BPS\0\x01')],
  ['an SVG', 'svg', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  [
    'an SVG with a prologue',
    'svg',
    bytesOf('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg width="1">'),
  ],
  ['other XML', 'text', bytesOf('<?xml version="1.0"?><kml/>')],
  ['a web page', 'web-page', bytesOf('\n<!DOCTYPE html><html><svg></svg>')],
  ['text', 'text', bytesOf('BMI is a number.\n')],
  ['text in UTF-8 that is cut', 'text', bytesOf('caf', [0xc3])],
  ['nothing', 'unknown', new Uint8Array()],
  ['a ZIP archive', 'unknown', bytesOf('PK\x03\x04\x14\0')],
  ['sound', 'unknown', bytesOf('RIFF', le32(36), 'WAVEfmt ')],
  ['bytes that are no text', 'unknown', bytesOf([0xfe, 0x80, 0x81, 0x41])],
];

describe('sniff', () => {
  test.each([...IMAGES, ...OTHERS])('recognises %s', (_, kind, bytes) => {
    expect(sniff(bytes)).toBe(kind);
  });
});

describe('readSize', () => {
  test.each(IMAGES)('reads the size of %s', (_, kind, bytes) => {
    expect(readSize(kind, bytes)).toEqual(SIZE);
  });

  test.each(OTHERS)('knows no size of %s', (_, kind, bytes) => {
    expect(readSize(kind, bytes)).toBeNull();
  });

  test('takes the largest of several images in a HEIC', () => {
    const file = bytesOf(ftyp('heic', []), meta([ispe(512, 512), ispe(4032, 3024), ispe(320, 240)]));
    expect(readSize('heic', file)).toEqual({ width: 4032, height: 3024 });
  });

  test('reads boxes with 64-bit lengths, and the last one without a length', () => {
    const properties = bytesOf(be32(0), 'ipco', ispe(640, 480));
    const file = bytesOf(ftyp('avif', []), be32(1), 'meta', be32(0), be32(16 + 4 + 8 + properties.length), [
      ...be32(0),
      ...box('iprp', properties),
    ]);
    expect(readSize('avif', file)).toEqual(SIZE);
  });

  test.each([
    ['a JPEG whose height comes later', 'jpeg', jpeg(0xc0, [], 640, 0)],
    [
      'a JPEG that begins with its data',
      'jpeg',
      bytesOf([0xff, 0xd8, ...segment(0xda, 12), ...segment(0xc0, 15)]),
    ],
    ['a JPEG with a segment of no length', 'jpeg', bytesOf([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a PNG without a width', 'png', bytesOf('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(0), be32(480))],
    ['a BMP of negative width', 'bmp', bytesOf('BM', new Array(12).fill(0), le32(40), le32(-640), le32(480))],
    ['a WebP of another chunk', 'webp', webp('ALPH', le32(0), le32(0), le32(0))],
    ['an AVIF with a box of no length', 'avif', bytesOf(ftyp('avif', []), be32(4), 'meta', be32(0), be32(0))],
  ] as const)('finds no size in %s', (_, kind, bytes) => {
    expect(readSize(kind, bytes)).toBeNull();
  });
});

test('mutated and truncated headers give a kind and a positive size or none', () => {
  const header = fc.constantFrom(...[...IMAGES, ...OTHERS].map(([, , bytes]) => bytes));
  const mutations = fc.array(fc.tuple(fc.nat(3200), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(header, mutations, fc.nat(3200), (bytes, changes, length) => {
      const mutated = bytes.slice(0, length);
      for (const [at, value] of changes) if (at < mutated.length) mutated[at] = value;
      expectPositiveOrNone(mutated);
    }),
    { numRuns: 2000 },
  );
});

test('arbitrary bytes give a kind and a positive size or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expectPositiveOrNone(bytes);
    }),
  );
});

function expectPositiveOrNone(bytes: Uint8Array): void {
  for (const kind of [sniff(bytes), ...IMAGES.map(([, known]) => known)]) {
    const size = readSize(kind, bytes);
    if (size === null) continue;
    expect(Number.isInteger(size.width) && size.width > 0).toBe(true);
    expect(Number.isInteger(size.height) && size.height > 0).toBe(true);
  }
}

/** The parts one after another; text is Latin-1. */
function bytesOf(...parts: (string | ArrayLike<number>)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (char) => char.charCodeAt(0)) : Array.from(part),
    ),
  );
}

function be32(value: number): number[] {
  return le32(value).reverse();
}

function le16(value: number): number[] {
  return [value & 255, value >>> 8];
}

function le32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

function jpeg(frame: number, before: number[][], width = 640, height = 480): Uint8Array {
  const [w1, w0] = le16(width).reverse() as [number, number];
  const [h1, h0] = le16(height).reverse() as [number, number];
  return bytesOf(
    [0xff, 0xd8],
    before.flat(),
    [0xff, frame, 0, 17, 8, h1, h0, w1, w0, 3],
    new Array(9).fill(0),
  );
}

/** A JPEG segment of `length` bytes after its marker. */
function segment(marker: number, length: number): number[] {
  return [0xff, marker, length >>> 8, length & 255, ...new Array(length - 2).fill(0xff)];
}

function webp(chunk: string, ...parts: number[][]): Uint8Array {
  return bytesOf('RIFF', le32(30), 'WEBP', chunk, le32(10), ...parts, [0, 0]);
}

function box(type: string, content: ArrayLike<number>): Uint8Array {
  return bytesOf(be32(8 + content.length), type, content);
}

function ftyp(brand: string, others: string[]): Uint8Array {
  return box('ftyp', bytesOf(brand, be32(0), ...others));
}

function ispe(width: number, height: number): Uint8Array {
  return box('ispe', bytesOf(be32(0), be32(width), be32(height)));
}

function meta(extents: Uint8Array[]): Uint8Array {
  const properties = box('iprp', box('ipco', bytesOf(...extents)));
  return box('meta', bytesOf(be32(0), box('hdlr', new Array(24).fill(0)), properties));
}

function media(brand: string, others: string[]): Uint8Array {
  return bytesOf(ftyp(brand, others), meta([ispe(320, 240), ispe(640, 480)]));
}
