/** Models on the hub, through a store; apart, so that it is loaded only when a model comes from there. */
import { type ByteSource, blobSource } from '../checkpoint/bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { downloadFile } from '../checkpoint/download/download-file.ts';
import { type HubAddress, sourceOf } from '../checkpoint/sources/address.ts';
import { type HubOptions, openFromHub } from '../checkpoint/sources/hub.ts';
import { lookUpFolder } from '../checkpoint/sources/look-up.ts';
import type { FileStore } from '../checkpoint/storage/file-store.ts';
import { memoryStore } from '../checkpoint/storage/memory-store.ts';
import { openFileStore } from '../checkpoint/storage/open-store.ts';
import { diskStore } from './disk-store.ts';
import { env } from './env.ts';

let browserStore: Promise<FileStore> | null = null;
const withoutStore = memoryStore();

/** Where downloads of the hub are kept. */
async function store(): Promise<FileStore> {
  if (!env.useCache) return withoutStore;
  const kept = diskStore(env.cacheDir);
  if (kept !== null) return kept;
  browserStore ??= openFileStore();
  return browserStore;
}

/** Rejects like `openFromHub`. */
export async function openOnHub(
  address: HubAddress,
  options: Omit<HubOptions, 'store'>,
): Promise<Checkpoint> {
  return openFromHub(address, { ...options, store: await store() });
}

/** One small file; undefined where there is none. */
export async function fileOnHub(
  address: HubAddress,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ByteSource | undefined> {
  const file = await (await lookUpFolder(address, { signal })).find(name);
  if (file === undefined) return undefined;
  return blobSource(name, await downloadFile(sourceOf(address), file, await store(), { signal }));
}
