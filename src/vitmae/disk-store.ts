import type { FileStore } from '../checkpoint/storage/file-store.ts';
import { type DirectoryHandle, opfsStore } from '../checkpoint/storage/opfs-store.ts';
import { disk } from './disk.ts';

/** The store of downloads in a folder on disk; null where there is no disk. The folder is made when it is needed. */
export function diskStore(folder: string): FileStore | null {
  const fs = disk();
  return fs === null ? null : opfsStore(directoryOf(fs, folder), async () => freeBytes(fs, folder));
}

type Disk = NonNullable<ReturnType<typeof disk>>;

/** A folder as browsers have one in their private file system. */
function directoryOf(fs: Disk, folder: string): DirectoryHandle {
  const pathOf = (name: string): string => `${folder}/${name}`;
  const missing = (name: string) => new DOMException(`There is no ${name}.`, 'NotFoundError');
  const isThere = (name: string) => fs.statSync(pathOf(name), { throwIfNoEntry: false }) !== undefined;
  const fileHandle = (name: string) => ({
    async getFile() {
      const { mtimeMs = 0 } = fs.statSync(pathOf(name), { throwIfNoEntry: false }) ?? {};
      const blob = await fs.openAsBlob(pathOf(name));
      return Object.assign(blob, { name, lastModified: mtimeMs }) as unknown as File;
    },
    async createSyncAccessHandle() {
      const file = fs.openSync(pathOf(name), isThere(name) ? 'r+' : 'w+');
      return {
        write: (bytes: Uint8Array, { at }: { readonly at: number }) =>
          fs.writeSync(file, bytes, 0, bytes.byteLength, at),
        truncate: (size: number) => fs.ftruncateSync(file, size),
        flush: () => fs.fsyncSync(file),
        close: () => fs.closeSync(file),
      };
    },
  });
  return {
    async getFileHandle(name, options) {
      if (options?.create === true) {
        fs.mkdirSync(folder, { recursive: true });
        if (!isThere(name)) fs.closeSync(fs.openSync(pathOf(name), 'w'));
      } else if (!isThere(name)) throw missing(name);
      return fileHandle(name);
    },
    async removeEntry(name) {
      if (!isThere(name)) throw missing(name);
      fs.rmSync(pathOf(name));
    },
    async *values() {
      if (fs.statSync(folder, { throwIfNoEntry: false }) === undefined) return;
      for (const name of fs.readdirSync(folder)) yield { kind: 'file', name };
    },
  };
}

function freeBytes(fs: Disk, folder: string): number | null {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
