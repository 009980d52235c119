/** Which files make up a model on the web, and how much of them is still to be downloaded. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { blobSource } from '../bytes/bytes.ts';
import { downloadFile } from '../download/download-file.ts';
import { isSameFile, type RemoteFile } from '../download/remote-file.ts';
import type { TransferOptions } from '../download/transfer.ts';
import {
  dataName,
  type Manifest,
  readComplete,
  readEntry,
  readManifest,
  writeManifest,
} from '../storage/entries.ts';
import type { FileStore } from '../storage/file-store.ts';
import { type ModelAddress, sourceOf, titleOf } from './address.ts';
import { KNOWN_MODELS } from './hub-known.ts';
import { lookUpFolder } from './look-up.ts';
import { findWanted } from './remote-folder.ts';

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

export interface PlanOptions extends Omit<TransferOptions, 'onProgress'> {
  readonly store: FileStore;
}

/**
 * What opening the model would download. Reads config.json, so a model that this page cannot run is refused here,
 * and keeps it; asks nobody when the model is stored.
 * Rejects like `findModel`.
 */
export async function planFromHub(address: ModelAddress, options: PlanOptions): Promise<DownloadPlan> {
  return planOf(await findModel(address, options), options.store);
}

/**
 * Which files make up the model: from the store when all of them are there, else from the network.
 * Rejects like `lookUpFolder`, `findWanted` and `downloadFile`.
 */
export async function findModel(address: ModelAddress, options: PlanOptions): Promise<Manifest> {
  const { signal, store } = options;
  throwIfCancelled(signal);
  const source = sourceOf(address);
  const known = await readManifest(store, source);
  if (known !== undefined && (await storedFiles(known, store)).size === known.files.length) return known;

  const folder = await lookUpFolder(address, options);
  const { small, weights } = await findWanted(folder, address, async (file) => {
    const blob = await downloadFile(source, file, store, { ...options, onProgress: undefined });
    return blobSource(file.name, blob);
  });
  const manifest: Manifest = {
    source,
    title: titleOf(address),
    commit: folder.commit,
    files: [...small, ...weights],
  };
  await writeManifest(store, manifest);
  return manifest;
}

/** The names of the files that are there. */
export async function storedFiles(manifest: Manifest, store: FileStore): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const file of manifest.files) {
    const complete = await readComplete(store, { source: manifest.source, file: file.name });
    if (complete !== undefined && isSameFile(complete.entry, file)) names.add(file.name);
  }
  return names;
}

export async function planOf(manifest: Manifest, store: FileStore): Promise<DownloadPlan> {
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
