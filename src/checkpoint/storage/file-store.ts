/** Where downloaded files are kept: on disk (opfs-store.ts) or, where there is no disk, in memory (memory-store.ts). */
import { LensError } from '../../base/errors.ts';

/**
 * Files by name. Names are flat and made of [a-z0-9.]. Every method rejects with `storage-full` where there is no
 * room, and with `not-found` where the browser took the storage away.
 */
export interface FileStore {
  /** Whether the files outlive the page. */
  readonly persistent: boolean;
  /** The file as it is now, read lazily, so that it may be larger than memory; undefined where there is none. */
  read(name: string): Promise<Blob | undefined>;
  /**
   * Opens a file for writing after its first `keepBytes` bytes and drops what lies behind them; makes it where there
   * is none. Only one writer at a time: see `exclusive`.
   */
  append(name: string, keepBytes: number): Promise<FileWriter>;
  list(): Promise<readonly StoredFile[]>;
  /** Does nothing where there is no such file. */
  delete(name: string): Promise<void>;
  /** In bytes; null where the browser does not say. */
  freeBytes(): Promise<number | null>;
  /**
   * Does `work` when nobody else is at work under this name, here or in another tab with the same store. Rejects
   * with `cancelled` when the signal is given while it waits; then `work` is not begun.
   */
  exclusive<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

export interface StoredFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly modified: number;
}

/** Writes one file from front to back. What was written stays when the page goes away, flushed or not. */
export interface FileWriter {
  /** The bytes may be reused as soon as this resolves. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Drops everything; the next `write` begins the file. */
  restart(): Promise<void>;
  /** Closing twice does no harm. */
  close(): Promise<void>;
}

/**
 * @param file null for whichever file is being stored
 * @param needed what is still to come, in bytes; null where nobody says
 * @param free in bytes; null where the browser does not say
 */
export function storageFull(
  file: string | null,
  needed: number | null,
  free: number | null,
  cause?: unknown,
): LensError {
  return new LensError('storage-full/download', { file, needed, free }, { cause });
}
