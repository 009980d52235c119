import { LensError } from '../../base/errors.ts';

/** Bytes that can be read in part: a file on disk, a finished download, memory. */
export interface ByteSource {
  /** For people: the file's name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes [start, end). They may be a view of the source's own memory: do not write to them.
   * Rejects with a LensError (`checkpoint-malformed`) when the source ends before `end`.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * As `read`, without waiting, where the source can: it is in memory, or a file and this is a worker. Throws what
   * `read` rejects with.
   */
  readSync?(start: number, end: number): Uint8Array<ArrayBuffer>;
}

/** A multiple of every value's size, so that no value is cut in two. */
const PIECE_BYTES = 4 * 2 ** 20;

/** The range [start, end) in pieces of at most 4 MiB, for reading what is large. */
export function* piecesOf(start: number, end: number): Generator<readonly [start: number, end: number]> {
  for (let at = start; at < end; at += PIECE_BYTES) yield [at, Math.min(at + PIECE_BYTES, end)];
}

/** Workers have it, pages and Node do not. */
type SyncReader = { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** A file or blob as a source. Reading fails with `not-found` when the file has been moved or changed since. */
export function blobSource(name: string, blob: Blob): ByteSource {
  const { FileReaderSync } = globalThis as { FileReaderSync?: new () => SyncReader };
  const reader = FileReaderSync === undefined ? null : new FileReaderSync();
  const source: ByteSource = {
    name,
    size: blob.size,
    async read(start, end) {
      checkRange(name, blob.size, start, end);
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (error) {
        throw gone(name, error);
      }
    },
  };
  if (reader === null) return source;
  return {
    ...source,
    readSync(start, end) {
      checkRange(name, blob.size, start, end);
      hurryCollector(end - start);
      try {
        return new Uint8Array(reader.readAsArrayBuffer(blob.slice(start, end)));
      } catch (error) {
        throw gone(name, error);
      }
    },
  };
}

/**
 * A read leaves its bytes behind for the browser to collect, late. What is made here is never touched, so it takes no
 * memory, but it counts as if it did: such bytes are collected nine times as often. Measure with `npm run memory`.
 */
function hurryCollector(bytes: number): void {
  try {
    void new ArrayBuffer(8 * bytes);
  } catch {
    // So little room is left that it hurries by itself.
  }
}

function gone(name: string, cause: unknown): LensError {
  return new LensError('not-found/file-gone', { file: name }, { cause });
}

/** Bytes in memory as a source; reading gives views and copies nothing. */
export function memorySource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  const readSync = (start: number, end: number) => {
    checkRange(name, bytes.byteLength, start, end);
    return bytes.subarray(start, end);
  };
  return { name, size: bytes.byteLength, readSync, read: async (start, end) => readSync(start, end) };
}

function checkRange(name: string, size: number, start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`${start} to ${end} is not a range of bytes`);
  }
  if (end > size) {
    throw new LensError('checkpoint-malformed/ends-too-early', { file: name, missing: end - size });
  }
}
