/** The store that this browser offers, and what it may be asked for. */
import type { FileStore } from './file-store.ts';
import { memoryStore } from './memory-store.ts';
import { type DirectoryHandle, opfsStore } from './opfs-store.ts';

/** Where checkpoints are kept. */
const CHECKPOINTS = 'checkpoints';

/**
 * The store on disk, or one in memory where the browser gives no disk (private windows, old browsers). Call it once
 * and keep what it gives: a store in memory is another one at every call.
 * @param name the directory's
 */
export async function openFileStore(name = CHECKPOINTS): Promise<FileStore> {
  try {
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(name, { create: true });
    const prototype = FileSystemFileHandle.prototype;
    if (!('createSyncAccessHandle' in prototype) && !('createWritable' in prototype)) return memoryStore();
    // TypeScript's DOM library lacks the iterator that every browser with this file system has.
    return opfsStore(directory as unknown as DirectoryHandle, freeBytes);
  } catch {
    return memoryStore();
  }
}

async function freeBytes(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  } catch {
    return null;
  }
}
