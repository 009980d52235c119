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
}

/** A file or blob as a source. `read` rejects with `not-found` when the file has been moved or changed since. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async read(start, end) {
      checkRange(name, blob.size, start, end);
      let buffer: ArrayBuffer;
      try {
        buffer = await blob.slice(start, end).arrayBuffer();
      } catch (error) {
        throw new LensError(
          'not-found',
          `${name} can no longer be read: it was moved, deleted or changed after it was chosen. Choose it again.`,
          { cause: error },
        );
      }
      return new Uint8Array(buffer);
    },
  };
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
