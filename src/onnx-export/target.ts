/**
 * Where a saved model is written. Into the file that the visitor picked, where the browser lets a page write there
 * (Chromium): no second copy, and its end is known. Elsewhere into the browser's storage, from where the page hands it
 * to the browser's downloads; without storage (private windows), into a blob that the browser keeps where it likes.
 */

import { LensError, toLensError } from '../base/errors.ts';
import type { FileStore } from '../checkpoint/storage/file-store.ts';

/** The directory of the browser's storage. */
export const EXPORTS = 'exports';

export interface ExportTarget {
  /** In bytes; null where nobody says. */
  freeBytes(): Promise<number | null>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** @returns what is to be downloaded; null when it is where the visitor wants it already */
  finish(): Promise<Blob | null>;
  /** Leaves nothing behind. Never rejects. */
  discard(): Promise<void>;
}

/** What we use of a FileSystemFileHandle that a picker gave. */
export interface PickedFile {
  readonly name: string;
  getFile(): Promise<File>;
  createWritable(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
  /** Chromium only, as the picker is. */
  remove?(): Promise<void>;
}

/**
 * How long an archive stays after it was handed over, in milliseconds: nobody tells a page when a download from its
 * storage has ended. Then `removeLeftovers` takes it, in this visit or in a later one. Age alone decides, so that
 * other tabs keep what they are writing.
 */
export const KEPT_MS = 60 * 60_000;

export async function storeTarget(store: FileStore): Promise<ExportTarget> {
  const name = `${Date.now()}.${Math.floor(Math.random() * 1e9)}.zip`;
  const writer = await store.append(name, 0);
  return {
    freeBytes: () => store.freeBytes(),
    write: (bytes) => writer.write(bytes),
    async finish() {
      await writer.close();
      const blob = await store.read(name);
      if (blob === undefined) throw new LensError('not-found/export-cleared');
      return blob;
    },
    async discard() {
      await writer.close().catch(() => undefined);
      await store.delete(name).catch(() => undefined);
    },
  };
}

export async function pickedTarget(file: PickedFile): Promise<ExportTarget> {
  const stream = await file.createWritable().catch((error: unknown) => {
    throw toLensError(error, 'engine-failed/write-picked-file', { file: file.name });
  });
  return {
    freeBytes: async () => null,
    write: (bytes) => stream.write(bytes),
    async finish() {
      await stream.close();
      return null;
    },
    async discard() {
      await stream.abort().catch(() => undefined);
      // Picking a new name has made an empty file of it.
      const { size } = await file.getFile().catch(() => ({ size: null }));
      if (size === 0) await file.remove?.().catch(() => undefined);
    },
  };
}

/** Removes what was handed over long ago. @returns how many archives */
export async function removeLeftovers(store: FileStore, now = Date.now()): Promise<number> {
  const old = (await store.list()).filter(({ modified }) => now - modified > KEPT_MS);
  for (const { name } of old) await store.delete(name);
  return old.length;
}

/** @param free in bytes; null where nobody says */
export function noRoom(file: string, bytes: number, free: number | null, cause?: unknown): LensError {
  return new LensError('storage-full/export', { file, bytes, free }, { cause });
}
