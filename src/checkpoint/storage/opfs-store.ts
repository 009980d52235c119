/** Files on disk, in the browser's origin-private file system. */
import { LensError } from '../../base/errors.ts';
import { type FileStore, type FileWriter, type StoredFile, storageFull } from './file-store.ts';
import { siteLock } from './lock.ts';

/** What we use of FileSystemDirectoryHandle; TypeScript's libraries for page and worker each have only a part. */
export interface DirectoryHandle {
  getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<FileHandle>;
  removeEntry(name: string): Promise<void>;
  values(): AsyncIterable<{ readonly kind: string; readonly name: string }>;
}

/** What we use of FileSystemFileHandle. */
export interface FileHandle {
  getFile(): Promise<File>;
  /** In dedicated workers only. */
  createSyncAccessHandle?(): Promise<SyncAccessHandle>;
  /** Missing in older versions of Safari. */
  createWritable?(options: { readonly keepExistingData: boolean }): Promise<WritableFile>;
}

export interface SyncAccessHandle {
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

export interface WritableFile {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  seek(position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A store in one directory. In a worker files are written in place, so that a partial download outlives a closed
 * tab; elsewhere the browser writes to a copy, and what came since `append` is lost when the tab is closed.
 * @param freeBytes what the browser still gives this site
 */
export function opfsStore(directory: DirectoryHandle, freeBytes: () => Promise<number | null>): FileStore {
  return {
    persistent: true,
    exclusive: siteLock('checkpoints/'),
    freeBytes,
    read: async (name) => (await existing(directory, name))?.getFile(),
    append: (name, keepBytes) =>
      explained(freeBytes, async () => {
        const handle = await directory.getFileHandle(name, { create: true });
        return openWriter(handle, keepBytes, freeBytes);
      }),
    async list() {
      const files: StoredFile[] = [];
      for await (const { kind, name } of directory.values()) {
        if (kind !== 'file') continue;
        const file = await (await existing(directory, name))?.getFile();
        if (file !== undefined) files.push({ name, size: file.size, modified: file.lastModified });
      }
      return files;
    },
    async delete(name) {
      try {
        await directory.removeEntry(name);
      } catch (error) {
        if (!isNamed(error, 'NotFoundError')) throw error;
      }
    },
  };
}

async function existing(directory: DirectoryHandle, name: string): Promise<FileHandle | undefined> {
  try {
    return await directory.getFileHandle(name);
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined;
    throw error;
  }
}

async function openWriter(
  handle: FileHandle,
  keepBytes: number,
  freeBytes: () => Promise<number | null>,
): Promise<FileWriter> {
  const writer =
    handle.createSyncAccessHandle !== undefined
      ? inPlaceWriter(await handle.createSyncAccessHandle(), keepBytes)
      : await copyWriter(handle, keepBytes);
  return {
    write: (bytes) => explained(freeBytes, () => writer.write(bytes)),
    restart: () => writer.restart(),
    close: () => explained(freeBytes, () => writer.close()),
  };
}

function inPlaceWriter(handle: SyncAccessHandle, keepBytes: number): FileWriter {
  handle.truncate(keepBytes);
  let at = keepBytes;
  let closed = false;
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.byteLength; ) {
        const written = handle.write(done === 0 ? bytes : bytes.subarray(done), { at });
        // Some browsers write less instead of throwing when the disk is full.
        if (written <= 0) throw new DOMException('Nothing was written.', 'QuotaExceededError');
        done += written;
        at += written;
      }
    },
    async restart() {
      handle.truncate(0);
      at = 0;
    },
    async close() {
      if (closed) return;
      closed = true;
      try {
        handle.flush();
      } finally {
        handle.close();
      }
    },
  };
}

async function copyWriter(handle: FileHandle, keepBytes: number): Promise<FileWriter> {
  const stream = await handle.createWritable?.({ keepExistingData: true });
  if (stream === undefined) throw new LensError('engine-failed/storage-read-only');
  await stream.truncate(keepBytes);
  await stream.seek(keepBytes);
  let closed = false;
  return {
    write: (bytes) => stream.write(bytes),
    async restart() {
      await stream.truncate(0);
      await stream.seek(0);
    },
    async close() {
      if (closed) return;
      closed = true;
      await stream.close();
    },
  };
}

/** Turns the browser's complaint about its quota into one that a visitor can act on. */
async function explained<T>(freeBytes: () => Promise<number | null>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNamed(error, 'QuotaExceededError')) throw storageFull(null, null, await freeBytes(), error);
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
