import { LensError } from '../mae/errors.ts';
import { moreBytes } from './words.ts';

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
  /** What `piecesOf` gives, where the source can read into memory that is there already. */
  pieces?(start: number, end: number): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A multiple of every value's size, so that no value is cut in two. */
const PIECE_BYTES = 4 * 2 ** 20;

/**
 * The bytes [start, end) in pieces, for what is large: each but the last is 4 MiB, and good only until the next is
 * asked for. Rejects as `read` does.
 */
export async function* piecesOf(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // For what is small, one read is less work.
  if (source.pieces !== undefined && end - start > PIECE_BYTES / 8) yield* source.pieces(start, end);
  else yield* piecesByRead(source, start, end);
}

async function* piecesByRead(
  source: Pick<ByteSource, 'read'>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = start; at < end; at += PIECE_BYTES)
    yield await source.read(at, Math.min(at + PIECE_BYTES, end));
}

/** A file or blob as a source. `read` rejects with `not-found` when the file has been moved or changed since. */
export function blobSource(name: string, blob: Blob): ByteSource {
  const read = async (start: number, end: number) => {
    checkRange(name, blob.size, start, end);
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    } catch (error) {
      throw gone(name, error);
    }
  };
  // Every read of its own leaves memory behind, which piles up faster than browsers collect it.
  let spare: ArrayBuffer | null = null;
  return {
    name,
    size: blob.size,
    read,
    async *pieces(start, end) {
      checkRange(name, blob.size, start, end);
      const reader = byteReader(blob.slice(start, end));
      if (reader === null) {
        yield* piecesByRead({ read }, start, end);
        return;
      }
      let buffer = spare ?? new ArrayBuffer(PIECE_BYTES);
      // A second reader at the same time gets memory of its own.
      spare = null;
      try {
        for (let at = start; at < end; at += PIECE_BYTES) {
          const size = Math.min(PIECE_BYTES, end - at);
          buffer = await fill(reader, buffer, size).catch((error: unknown) => {
            throw gone(name, error);
          });
          yield new Uint8Array(buffer, 0, size);
        }
        spare = buffer;
      } finally {
        reader.cancel().catch(() => undefined);
      }
    },
  };
}

/** Null where the browser's blobs cannot be read into given memory. */
function byteReader(blob: Blob): ReadableStreamBYOBReader | null {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

/** @returns the same memory, which each read moves to another object, with its first `size` bytes filled */
async function fill(
  reader: ReadableStreamBYOBReader,
  buffer: ArrayBuffer,
  size: number,
): Promise<ArrayBuffer> {
  let memory = buffer;
  for (let at = 0; at < size; ) {
    const { done, value } = await reader.read(new Uint8Array(memory, at, size - at));
    if (done) throw new Error('The file ended early.');
    memory = value.buffer;
    at += value.byteLength;
  }
  return memory;
}

function gone(name: string, cause: unknown): LensError {
  return new LensError(
    'not-found',
    `${name} can no longer be read: it was moved, deleted or changed after it was chosen. Choose it again.`,
    { cause },
  );
}

/** Bytes in memory as a source; `read` gives views and copies nothing. */
export function memorySource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    async read(start, end) {
      checkRange(name, bytes.byteLength, start, end);
      return bytes.subarray(start, end);
    },
  };
}

function checkRange(name: string, size: number, start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`${start} to ${end} is not a range of bytes`);
  }
  if (end > size) {
    throw new LensError(
      'checkpoint-malformed',
      `${name} ends too early: expected ${moreBytes(end - size)}. Download or copy the file again.`,
    );
  }
}
