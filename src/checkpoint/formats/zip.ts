/**
 * Zip archives as PyTorch writes them: which entry lies where, from the end of the file and its directory.
 * Format: PKWARE's APPNOTE.TXT, sections 4.3 (records), 4.4 (fields) and 4.5.3 (ZIP64). Nothing is unpacked; checksums
 * are compared by whoever reads an entry whole.
 */
import type { ByteSource } from '../bytes/bytes.ts';
import { type Refuse, refusalOf } from '../bytes/refusal.ts';
import { quote } from '../bytes/words.ts';

/** An entry, as the directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** In bytes; of what is stored, as it is stored. */
  readonly size: number;
  /** After unpacking. */
  readonly unpackedSize: number;
  /** Where its local header starts. */
  readonly start: number;
  /** Where the next entry or the directory starts. */
  readonly limit: number;
  /** Compression method; 0 is stored as it is. */
  readonly method: number;
  readonly flags: number;
  /** Of the stored bytes; undefined where the writer left it out, as PyTorch does on request. */
  readonly crc32: number | undefined;
}

/** An entry's bytes are [start, end) of the archive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const END_SIGNATURE = 0x0605_4b50;
const END64_SIGNATURE = 0x0606_4b50;
const LOCATOR64_SIGNATURE = 0x0706_4b50;
const ENTRY_SIGNATURE = 0x0201_4b50;
const LOCAL_SIGNATURE = 0x0403_4b50;
const DESCRIPTOR_SIGNATURE = 0x0807_4b50;

/** Sizes of the records' fixed parts, in bytes. */
const END_BYTES = 22;
const LOCATOR64_BYTES = 20;
const END64_BYTES = 56;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** What may follow an entry's bytes, with sizes of 32 and of 64 bits. */
const DESCRIPTOR_BYTES = 16;
const DESCRIPTOR64_BYTES = 24;
/** A comment may follow the last record; its length has 16 bits. */
const MAX_COMMENT_BYTES = 0xffff;

/** PyTorch writes about 100 bytes for a tensor; a directory beyond this is no model's. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;

/** "See the ZIP64 record", in fields of 16 and of 32 bits. */
const SEE_64_SHORT = 0xffff;
const SEE_64 = 0xffff_ffff;

const ZIP64_FIELD = 0x0001;
const ENCRYPTED = 1 << 0;
/** The local header has no sizes; they follow the data. */
const SIZES_FOLLOW = 1 << 3;
const STORED = 0;

/**
 * The entries of an archive by name. Reads the file's last 64 KiB at most, and the directory.
 * Rejects with `checkpoint-malformed` when the records contradict each other or the file, entries overlap, or a name
 * occurs twice; with `checkpoint-unsupported` when the archive is split over several files.
 */
export async function readZip(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const refuse = refusalOf(source.name);
  const end = await findEnd(source, refuse);
  const directory = await findDirectory(source, end, refuse);
  const { start, size, count } = directory;
  if (size > MAX_DIRECTORY_BYTES) {
    throw refuse('checkpoint-malformed/zip-directory-too-long', { bytes: size, most: MAX_DIRECTORY_BYTES });
  }
  return withLimits(readDirectory(await source.read(start, start + size), count, refuse), start, refuse);
}

/**
 * Where the bytes of a stored entry are, from its local header.
 * Rejects with `checkpoint-unsupported` for a compressed or encrypted entry, and with `checkpoint-malformed` when
 * the local header is not what the directory says.
 */
export async function locateEntry(source: ByteSource, entry: ZipEntry): Promise<ByteRange> {
  const refuse = refusalOf(source.name);
  const named = { entry: quote(entry.name) };
  refuseUnreadable(entry, refuse);
  if (entry.size !== entry.unpackedSize) {
    throw refuse('checkpoint-malformed/zip-entry-two-sizes', {
      ...named,
      size: entry.size,
      unpacked: entry.unpackedSize,
    });
  }
  if (entry.start + LOCAL_BYTES > entry.limit)
    throw refuse('checkpoint-malformed/zip-entry-without-room', named);
  const nameStart = entry.start + LOCAL_BYTES;
  // The name is read with the header, at the length that it should have.
  const expected = nameStart + new TextEncoder().encode(entry.name).byteLength;
  const bytes = await source.read(entry.start, Math.min(expected, entry.limit));
  const header = viewOf(bytes);
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw refuse('checkpoint-malformed/zip-entry-misplaced', named);
  }
  if (header.getUint16(6, true) & ENCRYPTED) throw refuse('checkpoint-unsupported/zip-encrypted', named);
  if (header.getUint16(8, true) !== entry.method) {
    throw refuse('checkpoint-malformed/zip-entry-method', named);
  }
  const nameEnd = nameStart + header.getUint16(26, true);
  const start = nameEnd + header.getUint16(28, true);
  const end = start + entry.size;
  if (end > entry.limit) throw refuse('checkpoint-malformed/zip-entry-too-large', named);
  const name = textOf(
    nameEnd === expected ? bytes.subarray(LOCAL_BYTES) : await source.read(nameStart, nameEnd),
  );
  if (name !== entry.name)
    throw refuse('checkpoint-malformed/zip-entry-name', { ...named, name: quote(name) });
  const sized = (header.getUint16(6, true) & SIZES_FOLLOW) === 0;
  for (const field of [18, 22]) {
    const size = header.getUint32(field, true);
    if (sized && size !== SEE_64 && size !== entry.size) {
      throw refuse('checkpoint-malformed/zip-entry-size', { ...named, bytes: size, expected: entry.size });
    }
  }
  // A wrong length in the header would move the bytes.
  const filled = sized ? end === entry.limit : await endsWithSizes(source, end, entry);
  if (!filled) throw refuse('checkpoint-malformed/zip-entry-place', named);
  return { start, end };
}

/**
 * Whether nothing but a signature, the checksum and the sizes follow an entry's bytes, in 32 or in 64 bits. A signature
 * is not asked for by the format, but every program of today writes it.
 */
async function endsWithSizes(source: ByteSource, end: number, { limit, size }: ZipEntry): Promise<boolean> {
  const bytes = limit - end;
  if (bytes !== DESCRIPTOR_BYTES && bytes !== DESCRIPTOR64_BYTES) return false;
  const view = viewOf(await source.read(end, limit));
  if (view.getUint32(0, true) !== DESCRIPTOR_SIGNATURE) return false;
  return bytes === DESCRIPTOR_BYTES
    ? [8, 12].every((at) => view.getUint32(at, true) === size % 2 ** 32)
    : [8, 16].every((at) => view.getBigUint64(at, true) === BigInt(size));
}

/** Throws `checkpoint-unsupported` for an entry that is not stored as it is. */
function refuseUnreadable({ name, flags, method }: ZipEntry, refuse: Refuse): void {
  const entry = quote(name);
  if (flags & ENCRYPTED) throw refuse('checkpoint-unsupported/zip-encrypted', { entry });
  if (method !== STORED) throw refuse('checkpoint-unsupported/zip-compressed', { entry, method });
}

interface End {
  readonly view: DataView;
  readonly start: number;
}

/** The last record: nothing but its comment comes after it. */
async function findEnd(source: ByteSource, refuse: Refuse): Promise<End> {
  const from = Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = viewOf(await source.read(from, source.size));
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    return { view: new DataView(tail.buffer, tail.byteOffset + at, END_BYTES), start: from + at };
  }
  throw refuse('checkpoint-malformed/zip-end-missing');
}

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

async function findDirectory(source: ByteSource, end: End, refuse: Refuse): Promise<Directory> {
  const { view } = end;
  const [disk, directoryDisk] = [view.getUint16(4, true), view.getUint16(6, true)];
  const count = view.getUint16(10, true);
  const [size, start] = [view.getUint32(12, true), view.getUint32(16, true)];
  const end64 = await findEnd64(source, end.start, refuse);
  const multiDisk =
    (disk !== 0 && disk !== SEE_64_SHORT) || (directoryDisk !== 0 && directoryDisk !== SEE_64_SHORT);
  if (multiDisk || end64?.split === true) throw refuse('checkpoint-unsupported/zip-split');
  if (end64 === undefined) {
    if (size === SEE_64 || start === SEE_64) throw refuse('checkpoint-malformed/zip64-missing');
    return inside({ start, size, count }, end.start, refuse);
  }
  const agree =
    (count === SEE_64_SHORT || count === end64.count) &&
    (size === SEE_64 || size === end64.size) &&
    (start === SEE_64 || start === end64.start);
  if (!agree) throw refuse('checkpoint-malformed/zip-records-disagree');
  return inside(end64, end64.at, refuse);
}

function inside(directory: Directory, limit: number, refuse: Refuse): Directory {
  if (directory.start + directory.size > limit) {
    const { size: bytes, start } = directory;
    throw refuse('checkpoint-malformed/zip-directory-outside', { bytes, start, limit });
  }
  return directory;
}

/** The ZIP64 record of the directory, which its locator before the last record points to. */
async function findEnd64(
  source: ByteSource,
  endStart: number,
  refuse: Refuse,
): Promise<(Directory & { readonly at: number; readonly split: boolean }) | undefined> {
  const locatorStart = endStart - LOCATOR64_BYTES;
  if (locatorStart < 0) return undefined;
  const locator = viewOf(await source.read(locatorStart, endStart));
  if (locator.getUint32(0, true) !== LOCATOR64_SIGNATURE) return undefined;
  const at = whole(locator.getBigUint64(8, true));
  if (at === undefined || at + END64_BYTES > locatorStart) {
    throw refuse('checkpoint-malformed/zip64-outside');
  }
  const record = viewOf(await source.read(at, at + END64_BYTES));
  if (record.getUint32(0, true) !== END64_SIGNATURE) {
    throw refuse('checkpoint-malformed/zip64-misplaced');
  }
  const [count, size, start] = [32, 40, 48].map((field) => whole(record.getBigUint64(field, true)));
  if (count === undefined || size === undefined || start === undefined) {
    throw refuse('checkpoint-malformed/zip64-too-large');
  }
  const disks = [locator.getUint32(4, true), record.getUint32(16, true), record.getUint32(20, true)];
  return {
    at,
    count,
    size,
    start,
    split: disks.some((disk) => disk !== 0) || locator.getUint32(16, true) > 1,
  };
}

type Placed = Omit<ZipEntry, 'limit'>;

/** The directory's entries in its order; each has at least `ENTRY_BYTES`, so their number is bounded by its size. */
function readDirectory(bytes: Uint8Array, count: number, refuse: Refuse): Placed[] {
  const view = viewOf(bytes);
  const entries: Placed[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    if (at + ENTRY_BYTES > bytes.byteLength) throw refuse('checkpoint-malformed/zip-directory-cut');
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw refuse('checkpoint-malformed/zip-directory-other');
    const nameStart = at + ENTRY_BYTES;
    const extraStart = nameStart + view.getUint16(at + 28, true);
    const commentStart = extraStart + view.getUint16(at + 30, true);
    const next = commentStart + view.getUint16(at + 32, true);
    if (next > bytes.byteLength) throw refuse('checkpoint-malformed/zip-directory-cut');
    const name = textOf(bytes.subarray(nameStart, extraStart));
    const extra = bytes.subarray(extraStart, commentStart);
    entries.push(
      readEntry(new DataView(view.buffer, view.byteOffset + at, ENTRY_BYTES), name, extra, refuse),
    );
    at = next;
  }
  if (entries.length !== count) {
    throw refuse('checkpoint-malformed/zip-entry-count', { count: entries.length, expected: count });
  }
  return entries;
}

function readEntry(view: DataView, name: string, extra: Uint8Array, refuse: Refuse): Placed {
  const large = largeNumbers(extra);
  const number = (field: number) => {
    const short = view.getUint32(field, true);
    if (short !== SEE_64) return short;
    const long = large.shift();
    if (long === undefined) throw refuse('checkpoint-malformed/zip-entry-zip64', { entry: quote(name) });
    return long;
  };
  // The order in the ZIP64 field.
  const unpackedSize = number(24);
  const size = number(20);
  const start = number(42);
  const disk = view.getUint16(34, true);
  if (disk !== 0 && disk !== SEE_64_SHORT) {
    throw refuse('checkpoint-malformed/zip-entry-disk', { entry: quote(name), disk });
  }
  return {
    name,
    size,
    unpackedSize,
    start,
    method: view.getUint16(10, true),
    flags: view.getUint16(8, true),
    crc32: view.getUint32(16, true) || undefined,
  };
}

/** The 64-bit numbers of the ZIP64 field, up to the first that a double cannot hold. */
function largeNumbers(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === ZIP64_FIELD) {
      const numbers: number[] = [];
      for (let i = at + 4; i + 8 <= Math.min(next, extra.byteLength); i += 8) {
        const number = whole(view.getBigUint64(i, true));
        if (number === undefined) break;
        numbers.push(number);
      }
      return numbers;
    }
    at = next;
  }
  return [];
}

/** Where each entry's place ends; two in one place would be two readings of one file. */
function withLimits(
  entries: readonly Placed[],
  directoryStart: number,
  refuse: Refuse,
): ReadonlyMap<string, ZipEntry> {
  const ordered = entries.toSorted((a, b) => a.start - b.start);
  const byName = new Map<string, ZipEntry>();
  ordered.forEach((entry, i) => {
    const next = ordered[i + 1];
    const named = { entry: quote(entry.name) };
    const limit = next?.start ?? directoryStart;
    if (entry.start + LOCAL_BYTES + entry.size > limit) {
      throw next === undefined
        ? refuse('checkpoint-malformed/zip-entry-in-directory', named)
        : refuse('checkpoint-malformed/zip-entries-overlap', { ...named, other: quote(next.name) });
    }
    if (byName.has(entry.name)) throw refuse('checkpoint-malformed/zip-entry-twice', named);
    byName.set(entry.name, { ...entry, limit });
  });
  return byName;
}

/** Undefined for what a double cannot hold, which no file is as large as. */
function whole(long: bigint): number | undefined {
  return long <= Number.MAX_SAFE_INTEGER ? Number(long) : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
