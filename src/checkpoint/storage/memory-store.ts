import { type FileStore, type FileWriter, storageFull } from './file-store.ts';
import { localLock } from './lock.ts';

/** Chunks are handed to the browser as blobs of this size, which it may keep outside of the page's memory. */
const PART_BYTES = 8 * 2 ** 20;

interface MemoryFile {
  parts: Blob[];
  chunks: Uint8Array<ArrayBuffer>[];
  chunkBytes: number;
  size: number;
  modified: number;
}

/**
 * A store that ends with the page: for tests, and for private windows where the browser gives no disk.
 * @param capacity in bytes
 */
export function memoryStore(capacity = Number.POSITIVE_INFINITY): FileStore {
  const files = new Map<string, MemoryFile>();
  const exclusive = localLock();
  const used = () => [...files.values()].reduce((sum, { size }) => sum + size, 0);

  return {
    persistent: false,
    exclusive,
    async read(name) {
      const file = files.get(name);
      return file === undefined ? undefined : new Blob([...file.parts, ...file.chunks]);
    },
    async append(name, keepBytes) {
      const file = files.get(name) ?? emptyFile();
      if (keepBytes < file.size) {
        const kept = new Blob([...file.parts, ...file.chunks]).slice(0, keepBytes);
        Object.assign(file, emptyFile(), { parts: [kept], size: keepBytes });
      }
      files.set(name, file);
      return memoryWriter(file, (bytes) => {
        if (used() + bytes > capacity) throw storageFull(null, bytes, capacity - used());
      });
    },
    async list() {
      return [...files].map(([name, { size, modified }]) => ({ name, size, modified }));
    },
    async delete(name) {
      files.delete(name);
    },
    async freeBytes() {
      return Number.isFinite(capacity) ? Math.max(0, capacity - used()) : null;
    },
  };
}

function emptyFile(): MemoryFile {
  return { parts: [], chunks: [], chunkBytes: 0, size: 0, modified: Date.now() };
}

function memoryWriter(file: MemoryFile, makeRoom: (bytes: number) => void): FileWriter {
  return {
    async write(bytes) {
      makeRoom(bytes.byteLength);
      file.chunks.push(bytes.slice());
      file.chunkBytes += bytes.byteLength;
      file.size += bytes.byteLength;
      file.modified = Date.now();
      if (file.chunkBytes < PART_BYTES) return;
      file.parts.push(new Blob(file.chunks));
      file.chunks = [];
      file.chunkBytes = 0;
    },
    async restart() {
      Object.assign(file, emptyFile());
    },
    async close() {},
  };
}
