/** One file from the network into a store: resumed where it broke off, checked before it counts as there. */
import { throwIfCancelled } from '../../base/cancel.ts';
import { type CacheKey, dataName, deleteStored, readComplete } from '../storage/entries.ts';
import type { FileStore } from '../storage/file-store.ts';
import { isSameFile, type RemoteFile } from './remote-file.ts';
import { Transfer, type TransferOptions } from './transfer.ts';

/**
 * The file, from the store when all of it is there, else completed from the network. What has arrived stays in the
 * store when this rejects, and the next call goes on from there.
 * Rejects with `not-found`, `network` (once patience is at its end), `checkpoint-malformed` (it arrived damaged
 * twice), `storage-full` or `cancelled`.
 */
export function downloadFile(
  source: string,
  remote: RemoteFile,
  store: FileStore,
  options: TransferOptions = {},
): Promise<Blob> {
  const key: CacheKey = { source, file: remote.name };
  const { signal } = options;
  return store.exclusive(dataName(key), signal, async () => {
    throwIfCancelled(signal);
    const kept = await keptFile(key, remote, store);
    if (kept !== undefined) return kept;
    const transfer = await Transfer.begin(key, remote, store, options);
    try {
      await transfer.run();
    } catch (error) {
      await transfer.close();
      // Nothing came: a file that does not exist must not be listed as begun.
      if (transfer.isEmpty) await deleteStored(store, key);
      throw error;
    }
    await transfer.close();
    return transfer.finish();
  });
}

async function keptFile(key: CacheKey, remote: RemoteFile, store: FileStore): Promise<Blob | undefined> {
  const complete = await readComplete(store, key);
  return complete !== undefined && isSameFile(complete.entry, remote) ? complete.blob : undefined;
}
