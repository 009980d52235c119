/** A checkpoint from the hub, or from any folder on the web: through the store, so that it is downloaded once. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import { openCheckpoint } from '../assemble.ts';
import { type ByteSource, blobSource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { downloadFile } from '../download/download-file.ts';
import { hasSha256 } from '../download/hash.ts';
import { noticeOf } from '../download/notice.ts';
import type { TransferProgress } from '../download/progress.ts';
import type { RemoteFile } from '../download/remote-file.ts';
import { isJson } from '../file-names.ts';
import { dataName, deleteStored, type Manifest, readComplete } from '../storage/entries.ts';
import { storageFull } from '../storage/file-store.ts';
import type { ModelAddress } from './address.ts';
import { type DownloadPlan, findModel, type PlanOptions, planOf, storedFiles } from './download-plan.ts';

/** How far one file has come (as in `TransferProgress`), and how far the model. */
export interface ModelProgress extends TransferProgress {
  /** Of all files together, those included that were there before. */
  readonly modelLoadedBytes: number;
  /** Null where the size of some file is unknown. */
  readonly modelTotalBytes: number | null;
  /** Until the whole model is there. */
  readonly secondsLeft: number | null;
}

export interface HubOptions extends PlanOptions {
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
  /** Told before the weights are downloaded. To refuse, give the signal. */
  readonly onPlan?: ((plan: DownloadPlan) => void) | undefined;
}

/**
 * Opens the checkpoint at an address. What is stored is not asked for again: a second visit needs no network, and
 * keeps to the state of the first until the model is deleted. The weights are read from the store when they are
 * asked for.
 * Rejects like `findModel`, `downloadFile` and `openCheckpoint`, and with `storage-full` before
 * the download when there is no room for it.
 */
export async function openFromHub(address: ModelAddress, options: HubOptions): Promise<Checkpoint> {
  const { signal, store } = options;
  const manifest = await findModel(address, options);
  const stored = await storedFiles(manifest, store);
  await fetchMissing(manifest, options);
  try {
    return await open(manifest, options);
  } catch (error) {
    throwIfCancelled(signal);
    // What has just been downloaded has just been checked; what was stored may have gone bad since.
    const bad = await spoiled(manifest, stored, error, options);
    if (bad.length === 0) throw error;
    for (const file of bad) await forget(manifest, file, options);
    await fetchMissing(manifest, options);
    return open(manifest, options);
  }
}

/** Downloads what the store lacks, after making sure that there is room for it. */
async function fetchMissing(manifest: Manifest, options: HubOptions): Promise<void> {
  const { store, onPlan, onProgress } = options;
  const plan = await planOf(manifest, store);
  onPlan?.(plan);
  throwIfCancelled(options.signal);
  const free = plan.remainingBytes === 0 ? null : await store.freeBytes();
  if (free !== null && plan.remainingBytes !== null && plan.remainingBytes > free) {
    throw storageFull(manifest.title, plan.remainingBytes, free);
  }
  let before = 0;
  for (const file of manifest.files) {
    const report = onProgress && ofModel(onProgress, before, plan.exact ? plan.totalBytes : null);
    const blob = await downloadFile(manifest.source, file, store, { ...options, onProgress: report });
    before += blob.size;
  }
}

/** Adds the model's progress to a file's. */
function ofModel(
  report: (progress: ModelProgress) => void,
  bytesBefore: number,
  modelTotalBytes: number | null,
): (progress: TransferProgress) => void {
  return (progress) => {
    const modelLoadedBytes = bytesBefore + progress.loadedBytes;
    const { bytesPerSecond } = progress;
    const secondsLeft =
      modelTotalBytes === null || bytesPerSecond === null || bytesPerSecond === 0
        ? progress.secondsLeft
        : Math.max(0, modelTotalBytes - modelLoadedBytes) / bytesPerSecond;
    report({ ...progress, modelLoadedBytes, modelTotalBytes, secondsLeft });
  };
}

async function open(manifest: Manifest, { store, signal }: HubOptions): Promise<Checkpoint> {
  const files = new Map<string, ByteSource>();
  for (const { name } of manifest.files) {
    const blob = (await readComplete(store, { source: manifest.source, file: name }))?.blob;
    if (blob === undefined) {
      throw new LensError('not-found/deleted-while-opened', { file: name, model: manifest.title });
    }
    files.set(name, blobSource(name, blob));
  }
  return openCheckpoint(files, { signal });
}

/** Which of the files that were stored before are no longer what was downloaded, when opening them has failed. */
async function spoiled(
  manifest: Manifest,
  stored: ReadonlySet<string>,
  error: unknown,
  { store, signal }: HubOptions,
): Promise<readonly RemoteFile[]> {
  if (!(error instanceof LensError) || !/^(?:config-invalid|checkpoint-)/.test(error.code)) return [];
  const bad: RemoteFile[] = [];
  for (const file of manifest.files) {
    if (!stored.has(file.name)) continue;
    const blob = await store.read(dataName({ source: manifest.source, file: file.name }));
    // Without a hash to hold it against, a small file is simply fetched again where it does not make sense.
    const sound =
      file.sha256 === null
        ? error.code !== 'config-invalid' || !isJson(file.name)
        : blob !== undefined && (await hasSha256(blob, file.sha256, signal));
    if (!sound) bad.push(file);
  }
  return bad;
}

async function forget(manifest: Manifest, { name }: RemoteFile, options: HubOptions): Promise<void> {
  const key = { source: manifest.source, file: name };
  await options.store.exclusive(dataName(key), options.signal, () => deleteStored(options.store, key));
  options.onNotice?.(noticeOf('damaged/in-storage', { file: name }));
}
