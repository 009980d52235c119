/** A checkpoint from the hub, or from any folder on the web: through the store, so that it is downloaded once. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import { parseConfig } from '../../mae/config.ts';
import { type ByteSource, blobSource } from '../bytes/bytes.ts';
import { readJson } from '../bytes/json.ts';
import type { Checkpoint } from '../checkpoint.ts';
import {
  type DownloadNotice,
  downloadFile,
  hasSha256,
  isSameFile,
  type RemoteFile,
  type TransferOptions,
} from '../download/download-file.ts';
import { fileName } from '../download/http.ts';
import type { TransferProgress } from '../download/progress.ts';
import { readShardMap } from '../formats/shards.ts';
import {
  dataName,
  deleteStored,
  type Manifest,
  readComplete,
  readEntry,
  readManifest,
  writeManifest,
} from '../storage/entries.ts';
import { type FileStore, storageFull } from '../storage/file-store.ts';
import { type ModelAddress, sourceOf, titleOf } from './address.ts';
import { chooseFiles, findShards } from './hub-files.ts';
import { KNOWN_MODELS } from './hub-known.ts';
import { openRemoteFolder } from './hub-listing.ts';
import { openCheckpoint } from './open.ts';

/** How far one file has come (as in `TransferProgress`), and how far the model. */
export interface ModelProgress extends TransferProgress {
  /** Of all files together, those included that were there before. */
  readonly modelLoadedBytes: number;
  /** Null where the size of some file is unknown. */
  readonly modelTotalBytes: number | null;
  /** Until the whole model is there. */
  readonly secondsLeft: number | null;
}

/** What opening a model will download; told before anything big is. */
export interface DownloadPlan {
  readonly title: string;
  /** As in `StoredModel.source`. */
  readonly source: string;
  /** Null where nobody says. */
  readonly commit: string | null;
  readonly files: readonly PlannedFile[];
  /** Null where the size of some file is unknown. */
  readonly totalBytes: number | null;
  /** Still to be downloaded; 0 when the model opens without the network. Null where a size is unknown. */
  readonly remainingBytes: number | null;
  /** False when a size is the published model's and not what the server said: a little less than the file's. */
  readonly exact: boolean;
  /** Whether what is downloaded will still be there at the next visit. */
  readonly persistent: boolean;
}

export interface PlannedFile {
  readonly name: string;
  /** Null where it is unknown. */
  readonly bytes: number | null;
  readonly storedBytes: number;
}

export interface HubOptions extends Omit<TransferOptions, 'onProgress'> {
  readonly store: FileStore;
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
  /** Told before the weights are downloaded. To refuse, give the signal. */
  readonly onPlan?: ((plan: DownloadPlan) => void) | undefined;
}

/**
 * What opening the model would download. Reads config.json, so a model that this page cannot run is refused here,
 * and keeps it; asks nobody when the model is stored.
 * Rejects like `openFromHub`.
 */
export async function planFromHub(address: ModelAddress, options: HubOptions): Promise<DownloadPlan> {
  return planOf(await prepare(address, options), options.store);
}

/**
 * Opens the checkpoint at an address. What is stored is not asked for again: a second visit needs no network, and
 * keeps to the state of the first until the model is deleted. The weights are read from the store when they are
 * asked for.
 * Rejects like `openRemoteFolder`, `chooseFiles`, `downloadFile` and `openCheckpoint`, and with `storage-full` before
 * the download when there is no room for it.
 */
export async function openFromHub(address: ModelAddress, options: HubOptions): Promise<Checkpoint> {
  const { signal, store } = options;
  const manifest = await prepare(address, options);
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

/** Which files make up the model: from the store when all of them are there, else from the network. */
async function prepare(address: ModelAddress, options: HubOptions): Promise<Manifest> {
  const { signal, store } = options;
  throwIfCancelled(signal);
  const source = sourceOf(address);
  const known = await readManifest(store, source);
  if (known !== undefined && (await storedFiles(known, store)).size === known.files.length) return known;

  const title = titleOf(address);
  const folder = await openRemoteFolder(address, options);
  const weights = address.kind === 'hub' ? address.weights : weightsName(address.weightsUrl);
  const chosen = await chooseFiles(folder, weights, title);
  const small = [chosen.config, chosen.preprocessor, chosen.isIndex ? chosen.weights : undefined].filter(
    (file) => file !== undefined,
  );
  const sources = new Map<RemoteFile | undefined, ByteSource>();
  for (const file of small) {
    const blob = await downloadFile(source, file, store, { ...options, onProgress: undefined });
    sources.set(file, blobSource(file.name, blob));
  }
  const config = sources.get(chosen.config);
  // Rather now than after the weights.
  if (config !== undefined) parseConfig(await readJson(config, 'config-invalid'));
  const index = sources.get(chosen.weights);
  const big =
    index === undefined
      ? [chosen.weights]
      : await findShards(folder, new Set((await readShardMap(index)).values()), title);
  const manifest: Manifest = { source, title, commit: folder.commit, files: [...small, ...big] };
  await writeManifest(store, manifest);
  return manifest;
}

function weightsName(url: string | null): string | null {
  return url === null ? null : fileName(url);
}

/** The names of the files that are there. */
async function storedFiles(manifest: Manifest, store: FileStore): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const file of manifest.files) {
    const complete = await readComplete(store, { source: manifest.source, file: file.name });
    if (complete !== undefined && isSameFile(complete.entry, file)) names.add(file.name);
  }
  return names;
}

async function planOf(manifest: Manifest, store: FileStore): Promise<DownloadPlan> {
  const complete = await storedFiles(manifest, store);
  const hint = KNOWN_MODELS.find(({ repository }) => repository === manifest.title);
  let exact = true;
  const files: PlannedFile[] = [];
  for (const file of manifest.files) {
    const { name, size } = file;
    const part = await partBytes(manifest, file, store);
    let bytes = complete.has(name) ? part : size;
    if (bytes === null && hint?.weights === name) {
      bytes = hint.bytes;
      exact = false;
    }
    files.push({ name, bytes, storedBytes: bytes === null ? part : Math.min(part, bytes) });
  }
  const totalBytes = sum(files.map(({ bytes }) => bytes));
  return {
    title: manifest.title,
    source: manifest.source,
    commit: manifest.commit,
    files,
    totalBytes,
    remainingBytes:
      totalBytes === null ? null : totalBytes - (sum(files.map(({ storedBytes }) => storedBytes)) ?? 0),
    exact,
    persistent: store.persistent,
  };
}

/** How much of this very file is there; a part of an earlier one will be dropped. */
async function partBytes(manifest: Manifest, file: RemoteFile, store: FileStore): Promise<number> {
  const key = { source: manifest.source, file: file.name };
  const entry = await readEntry(store, key);
  if (entry === undefined || !isSameFile(entry, file)) return 0;
  return (await store.read(dataName(key)))?.size ?? 0;
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);
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
      throw new LensError(
        'not-found',
        `${name} of ${manifest.title} was deleted while it was being opened. Load the model again.`,
      );
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
        ? error.code !== 'config-invalid' || !file.name.endsWith('.json')
        : blob !== undefined && (await hasSha256(blob, file.sha256, signal));
    if (!sound) bad.push(file);
  }
  return bad;
}

async function forget(manifest: Manifest, { name }: RemoteFile, options: HubOptions): Promise<void> {
  const key = { source: manifest.source, file: name };
  await options.store.exclusive(dataName(key), options.signal, () => deleteStored(options.store, key));
  const notice: DownloadNotice = {
    kind: 'damaged',
    file: name,
    message: `${name} is damaged where it was stored: it is fetched again.`,
  };
  options.onNotice?.(notice);
}
