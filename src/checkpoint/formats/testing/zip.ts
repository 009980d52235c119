/** For tests: writes zip archives, sound and broken ones, small or too large to hold. */
import { crc32 } from 'node:zlib';
import { type ByteSource, memorySource } from '../../bytes/bytes.ts';

export interface WrittenEntry {
  readonly name: string;
  /** A number is a size: the entry is a hole, which reads as zeros. */
  readonly data: Uint8Array | string | number;
  /** Fields to write wrongly; those of the directory, except where they say local. */
  readonly wrong?: {
    readonly method?: number;
    readonly flags?: number;
    readonly size?: number;
    readonly unpackedSize?: number;
    readonly start?: number;
    readonly disk?: number;
    readonly localName?: string;
    readonly localMethod?: number;
    readonly localSize?: number;
    readonly localFlags?: number;
    readonly localSignature?: number;
    readonly localPadding?: number;
    readonly crc32?: number;
  };
}

export interface ZipOptions {
  /** Sizes and checksums after the data, as PyTorch writes them; else in the local headers. */
  readonly descriptors?: boolean;
  /** The ZIP64 record and its locator, as PyTorch writes them even for small files. */
  readonly zip64?: boolean;
  /** All numbers in 64 bits, large or not. */
  readonly zip64Fields?: boolean;
  readonly comment?: string;
  /** Bytes of padding in the local headers, which the directory does not have. */
  readonly padding?: number;
  /** Fields of the last records to write wrongly. */
  readonly wrong?: {
    readonly count?: number;
    readonly size?: number;
    readonly start?: number;
    readonly disk?: number;
    readonly count64?: number;
    readonly start64?: number;
    readonly at64?: number;
    readonly signature64?: number;
    readonly disks?: number;
  };
}

interface Segment {
  readonly at: number;
  readonly bytes: Uint8Array;
}

const LARGE = 0xffff_ffff;
const encode = (text: string) => new TextEncoder().encode(text);

/** An archive in memory. */
export function writeZip(
  entries: readonly WrittenEntry[],
  options: ZipOptions = {},
): Uint8Array<ArrayBuffer> {
  const { segments, size } = layOut(entries, options);
  const bytes = new Uint8Array(size);
  for (const segment of segments) bytes.set(segment.bytes, segment.at);
  return bytes;
}

/** An archive that may be larger than memory; holes are not there. */
export function zipSource(
  name: string,
  entries: readonly WrittenEntry[],
  options: ZipOptions = {},
): ByteSource {
  const { segments, size } = layOut(entries, options);
  return {
    name,
    size,
    async read(start, end) {
      if (end - start > 2 ** 26) throw new RangeError('a test reads no more than 64 MiB at a time');
      const bytes = new Uint8Array(end - start);
      for (const { at, bytes: segment } of segments) {
        const [from, to] = [Math.max(start, at), Math.min(end, at + segment.byteLength)];
        if (from < to) bytes.set(segment.subarray(from - at, to - at), from - start);
      }
      return bytes;
    },
  };
}

export function asSource(bytes: Uint8Array<ArrayBuffer>, name = 'weights.pth'): ByteSource {
  return memorySource(name, bytes);
}

function layOut(entries: readonly WrittenEntry[], options: ZipOptions) {
  const segments: Segment[] = [];
  let size = 0;
  const put = (bytes: Uint8Array) => {
    segments.push({ at: size, bytes });
    size += bytes.byteLength;
  };
  const placed = entries.map((entry) => {
    const start = size;
    const data = typeof entry.data === 'string' ? encode(entry.data) : entry.data;
    const length = typeof data === 'number' ? data : data.byteLength;
    put(localHeader(entry, length, options));
    if (typeof data === 'number') size += data;
    else put(data);
    if (options.descriptors === true) put(fields([4, 0x0807_4b50], [4, 0], [4, length], [4, length]));
    return { entry, start, length };
  });
  const directory = size;
  for (const { entry, start, length } of placed) put(directoryEntry(entry, start, length, options));
  const directorySize = size - directory;
  const { wrong = {} } = options;
  const zip64 = options.zip64 === true || options.zip64Fields === true;
  if (zip64) {
    const at = size;
    const count = wrong.count64 ?? entries.length;
    put(
      fields(
        [4, wrong.signature64 ?? 0x0606_4b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, directorySize],
        [8, wrong.start64 ?? directory],
      ),
    );
    put(fields([4, 0x0706_4b50], [4, 0], [8, wrong.at64 ?? at], [4, wrong.disks ?? 1]));
  }
  const see64 = options.zip64Fields === true;
  const count = wrong.count ?? (see64 ? 0xffff : entries.length);
  const comment = encode(options.comment ?? '');
  put(
    fields(
      [4, 0x0605_4b50],
      [2, wrong.disk ?? 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, wrong.size ?? (see64 ? LARGE : directorySize)],
      [4, wrong.start ?? (see64 || directory > LARGE ? LARGE : directory)],
      [2, comment.byteLength],
    ),
  );
  put(comment);
  return { segments, size };
}

function localHeader({ name, wrong = {} }: WrittenEntry, length: number, options: ZipOptions): Uint8Array {
  const localName = encode(wrong.localName ?? name);
  const descriptors = options.descriptors === true;
  const size = descriptors ? 0 : Math.min(length, LARGE);
  const padding = options.padding ?? 0;
  const wrongPadding = wrong.localPadding ?? padding;
  const header = fields(
    [4, wrong.localSignature ?? 0x0403_4b50],
    [2, 0],
    [2, wrong.localFlags ?? (descriptors ? 0x808 : 0)],
    [2, wrong.localMethod ?? wrong.method ?? 0],
    [4, 0],
    [4, 0],
    [4, wrong.localSize ?? size],
    [4, wrong.localSize ?? size],
    [2, localName.byteLength],
    [2, wrongPadding],
  );
  return joined(header, localName, new Uint8Array(padding).fill(0x5a));
}

function directoryEntry(
  { name, data, wrong = {} }: WrittenEntry,
  start: number,
  length: number,
  options: ZipOptions,
): Uint8Array {
  const numbers = [wrong.unpackedSize ?? length, wrong.size ?? length, wrong.start ?? start];
  const long = numbers.filter((number) => options.zip64Fields === true || number >= LARGE);
  const extra =
    long.length === 0
      ? new Uint8Array()
      : joined(
          // Another field before it, to be passed over.
          fields([2, 0x4246], [2, 3], [3, 0]),
          fields([2, 1], [2, 8 * long.length], ...long.map((number): [number, number] => [8, number])),
        );
  const bytes = typeof data === 'string' ? encode(data) : data;
  const checksum = typeof bytes === 'number' ? 0 : crc32(bytes);
  const short = (number = 0) => (options.zip64Fields === true ? LARGE : Math.min(number, LARGE));
  return joined(
    fields(
      [4, 0x0201_4b50],
      [2, 0],
      [2, 0],
      [2, wrong.flags ?? (options.descriptors === true ? 0x808 : 0)],
      [2, wrong.method ?? 0],
      [4, 0],
      [4, wrong.crc32 ?? checksum],
      [4, short(numbers[1])],
      [4, short(numbers[0])],
      [2, encode(name).byteLength],
      [2, extra.byteLength],
      [2, 0],
      [2, wrong.disk ?? 0],
      [2, 0],
      [4, 0],
      [4, short(numbers[2])],
    ),
    encode(name),
    extra,
  );
}

/** Little-endian numbers, each with its size in bytes. */
function fields(...list: readonly (readonly [size: number, value: number])[]): Uint8Array {
  const bytes: number[] = [];
  for (const [size, value] of list) {
    let rest = BigInt(value);
    for (let i = 0; i < size; i++) {
      bytes.push(Number(rest & 0xffn));
      rest >>= 8n;
    }
  }
  return Uint8Array.from(bytes);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
