/** What a file is, judged by its first bytes, and how large the image in it is, before anything decodes it. */

/** What the first bytes can tell. `unknown` may still be an image that the browser knows. */
export type FileKind =
  | 'jpeg'
  | 'png'
  | 'gif'
  | 'webp'
  | 'bmp'
  | 'ico'
  | 'avif'
  | 'heic'
  | 'tiff'
  | 'jxl'
  | 'svg'
  | 'pdf'
  | 'psd'
  | 'video'
  | 'web-page'
  | 'text'
  | 'unknown';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** So much of a file is enough for `sniff` and, but for odd JPEGs with huge comments, for `readSize`. */
export const HEADER_BYTES = 1 << 20;

const MAGIC: readonly (readonly [FileKind, number, string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0'],
  ['tiff', 0, 'MM\0+'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 0, '\0\0\0\x0cJXL \r\n\x87\n'],
  ['psd', 0, '8BPS'],
  ['pdf', 0, '%PDF-'],
  ['ico', 0, '\0\0\x01\0'],
  ['video', 0, '\x1a\x45\xdf\xa3'],
];

const AVIF_BRANDS = ['avif', 'avis'];
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
/** CR3, for which browsers need the same advice as for the raw formats that are TIFF inside. */
const CANON_RAW_BRAND = 'crx ';

/** The sizes that a BMP's second header can have; "BM" alone begins many a text. */
const BMP_HEADERS = [12, 16, 40, 52, 56, 64, 108, 124];

/**
 * What kind of file begins with these bytes. Never throws.
 * @param bytes the first bytes of the file, as many as there are up to `HEADER_BYTES`
 */
export function sniff(bytes: Uint8Array): FileKind {
  for (const [kind, offset, magic] of MAGIC) if (textAt(bytes, offset, magic.length) === magic) return kind;
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return 'webp';
  if (textAt(bytes, 0, 2) === 'BM' && BMP_HEADERS.includes(uint32LE(bytes, 14))) return 'bmp';
  if (textAt(bytes, 4, 4) === 'ftyp') return sniffBrands(bytes);
  return sniffText(bytes);
}

/**
 * The size that the header states, in pixels; null when it states none, or not where one would look. The sides
 * are those of the stored image: an orientation in its metadata may still swap them. Never throws.
 */
export function readSize(kind: FileKind, bytes: Uint8Array): ImageSize | null {
  const size = storedSize(kind, bytes);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

function storedSize(kind: FileKind, bytes: Uint8Array): ImageSize | null {
  switch (kind) {
    case 'jpeg':
      return jpegSize(bytes);
    case 'png':
      return { width: uint32BE(bytes, 16), height: uint32BE(bytes, 20) };
    case 'gif':
      return { width: uint16LE(bytes, 6), height: uint16LE(bytes, 8) };
    case 'bmp':
      return bmpSize(bytes);
    case 'webp':
      return webpSize(bytes);
    case 'avif':
    case 'heic':
      return largestExtent(bytes);
    default:
      return null;
  }
}

/** An ISO media file: its brands say which. Without a known one it is some video. */
function sniffBrands(bytes: Uint8Array): FileKind {
  const brands: string[] = [];
  const end = Math.min(Math.max(12, uint32BE(bytes, 0)), bytes.length, 256);
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(textAt(bytes, at, 4));
  // HEIC and AVIF share the general brand "mif1", so the particular one decides.
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return 'heic';
  return brands.includes(CANON_RAW_BRAND) ? 'tiff' : 'video';
}

function sniffText(bytes: Uint8Array): FileKind {
  const start = bytes.subarray(0, 4096);
  const isControl = (byte: number): boolean => byte < 0x09 || (byte > 0x0d && byte < 0x1b);
  if (start.length === 0 || start.some(isControl)) return 'unknown';
  const text = new TextDecoder().decode(start);
  // The last character may have been cut; another one that is no UTF-8 means that it is no text.
  if (text.slice(0, -1).includes('\ufffd')) return 'unknown';
  if (/^\s*<(!doctype html|html)/i.test(text)) return 'web-page';
  return /^\s*<(\?xml|!--|!doctype svg|svg)/i.test(text) && /<svg[\s>]/i.test(text) ? 'svg' : 'text';
}

/** ITU T.81, B.1.1 and B.2.2: segments until one that begins a frame. */
function jpegSize(bytes: Uint8Array): ImageSize | null {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
    } else if (marker === 0xd9 || marker === 0xda) {
      return null;
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: uint16BE(bytes, at + 5), width: uint16BE(bytes, at + 7) };
    } else {
      const length = uint16BE(bytes, at + 2);
      if (length < 2) return null;
      at += 2 + length;
    }
  }
  return null;
}

function bmpSize(bytes: Uint8Array): ImageSize {
  if (uint32LE(bytes, 14) === 12) return { width: uint16LE(bytes, 18), height: uint16LE(bytes, 20) };
  // A negative height means rows from the top.
  return { width: uint32LE(bytes, 18) | 0, height: Math.abs(uint32LE(bytes, 22) | 0) };
}

/** RFC 9649: extended, lossless and lossy files each say it their own way. */
function webpSize(bytes: Uint8Array): ImageSize | null {
  switch (textAt(bytes, 12, 4)) {
    case 'VP8X':
      return { width: 1 + uint24LE(bytes, 24), height: 1 + uint24LE(bytes, 27) };
    case 'VP8L': {
      const packed = uint32LE(bytes, 21);
      return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
    }
    case 'VP8 ':
      return { width: uint16LE(bytes, 26) & 0x3fff, height: uint16LE(bytes, 28) & 0x3fff };
    default:
      return null;
  }
}

/**
 * ISO 23008-12: image extents (`ispe`) are properties inside meta / iprp / ipco. Which of them is the primary
 * image's takes more boxes to tell; tiles and thumbnails are smaller, so the largest one is it.
 */
function largestExtent(bytes: Uint8Array): ImageSize | null {
  let largest: ImageSize | null = null;
  const visit = (from: number, to: number, path: readonly string[]): void => {
    for (let at = from; at + 8 <= to; ) {
      const [length, header] = boxLength(bytes, at, to);
      if (length < header) return;
      const end = Math.min(to, at + length);
      const type = textAt(bytes, at + 4, 4);
      if (type === 'ispe' && path.length === 0 && at + header + 12 <= end) {
        const size = { width: uint32BE(bytes, at + header + 4), height: uint32BE(bytes, at + header + 8) };
        if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
      } else if (type === path[0]) {
        visit(at + header + (type === 'meta' ? 4 : 0), end, path.slice(1));
      }
      at = end;
    }
  };
  visit(0, bytes.length, ['meta', 'iprp', 'ipco']);
  return largest;
}

/** The length of the box at `at`, header included, and of its header. */
function boxLength(bytes: Uint8Array, at: number, to: number): [number, number] {
  const length = uint32BE(bytes, at);
  if (length === 0) return [to - at, 8];
  if (length === 1) return [uint32BE(bytes, at + 8) * 2 ** 32 + uint32BE(bytes, at + 12), 16];
  return [length, 8];
}

/** Latin-1 text; shorter where the bytes end. */
function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

// Beyond the end there are zeros, which no reader takes for a size.

function uint16BE(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function uint32BE(bytes: Uint8Array, at: number): number {
  return uint16BE(bytes, at) * 0x10000 + uint16BE(bytes, at + 2);
}

function uint16LE(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function uint24LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) | ((bytes[at + 2] ?? 0) << 16);
}

function uint32LE(bytes: Uint8Array, at: number): number {
  return uint16LE(bytes, at) + uint16LE(bytes, at + 2) * 0x10000;
}
