/** For tests: a directory that behaves like the browser's origin-private file system, in memory. */
import type { DirectoryHandle, FileHandle } from '../opfs-store.ts';

/**
 * @param ways which ways of writing the handles offer: 'sync' as in a worker, 'copy' as on a page
 * @param quota in bytes over all files
 */
export function fakeDirectory(
  ways: 'sync' | 'copy',
  quota = Number.POSITIVE_INFINITY,
): DirectoryHandle & { readonly open: ReadonlySet<string> } {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const open = new Set<string>();
  const room = (name: string) =>
    quota - [...files].reduce((sum, [other, { byteLength }]) => sum + (other === name ? 0 : byteLength), 0);

  function handle(name: string): FileHandle {
    const content = () => files.get(name) ?? new Uint8Array();
    const lock = () => {
      if (open.has(name)) throw new DOMException('It is open.', 'NoModificationAllowedError');
      open.add(name);
    };
    const file: FileHandle = { getFile: async () => new File([content()], name) };
    if (ways === 'sync') {
      file.createSyncAccessHandle = async () => {
        lock();
        return {
          write(bytes, { at }) {
            const fits = bytes.subarray(0, Math.max(0, room(name) - at));
            const grown = resized(content(), Math.max(content().byteLength, at + fits.byteLength));
            grown.set(fits, at);
            files.set(name, grown);
            return fits.byteLength;
          },
          truncate: (size) => void files.set(name, resized(content(), size)),
          flush: () => undefined,
          close: () => void open.delete(name),
        };
      };
    } else {
      file.createWritable = async ({ keepExistingData }) => {
        lock();
        let copy = keepExistingData ? content() : new Uint8Array();
        let at = 0;
        return {
          async write(bytes) {
            if (at + bytes.byteLength > room(name)) throw new DOMException('Full.', 'QuotaExceededError');
            copy = resized(copy, Math.max(copy.byteLength, at + bytes.byteLength));
            copy.set(bytes, at);
            at += bytes.byteLength;
          },
          async seek(position) {
            at = position;
          },
          async truncate(size) {
            copy = resized(copy, size);
          },
          async close() {
            files.set(name, copy);
            open.delete(name);
          },
        };
      };
    }
    return file;
  }

  return {
    open,
    async getFileHandle(name, options) {
      if (!files.has(name)) {
        if (options?.create !== true) throw new DOMException('None.', 'NotFoundError');
        files.set(name, new Uint8Array());
      }
      return handle(name);
    },
    async removeEntry(name) {
      if (open.has(name)) throw new DOMException('It is open.', 'NoModificationAllowedError');
      if (!files.delete(name)) throw new DOMException('None.', 'NotFoundError');
    },
    async *values() {
      for (const name of [...files.keys()]) yield { kind: 'file', name };
      yield { kind: 'directory', name: 'other' };
    },
  };
}

function resized(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(size);
  copy.set(bytes.subarray(0, size));
  return copy;
}
