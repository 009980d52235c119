/** Where models come from, as people name it: to a checkpoint, or to one small file of it. */
import { throwIfCancelled } from '../base/cancel.ts';
import { LensError } from '../base/errors.ts';
import { openCheckpoint } from '../checkpoint/assemble.ts';
import { type ByteSource, blobSource } from '../checkpoint/bytes/bytes.ts';
import type { Checkpoint, Part } from '../checkpoint/checkpoint.ts';
import { fetchFile } from '../checkpoint/download/fetch-file.ts';
import { fileName, isIndex, isWeights, WEIGHT_FORMATS } from '../checkpoint/file-names.ts';
import {
  fileUrl,
  folderAddress,
  type HubAddress,
  parseHubName,
  parseModelAddress,
} from '../checkpoint/sources/address.ts';
import { openFromFiles } from '../checkpoint/sources/files.ts';
import { nearestFiles } from '../checkpoint/sources/nearest-files.ts';
import { openFromUrl } from '../checkpoint/sources/url.ts';
import { baseAddress, disk, filesOnDisk, isPath } from './disk.ts';
import { env } from './env.ts';

/** What we use of FileSystemDirectoryHandle to read a folder. */
export interface ReadableDirectory {
  readonly kind: 'directory';
  values(): AsyncIterable<{ readonly kind: string; getFile?(): Promise<File> }>;
}

/**
 * A name on the hub ("facebook/vit-mae-base", also with "@revision" and ":folder/" or ":file"), the address of a
 * folder or of a file of weights (relative ones to the page), files from disk (a whole folder too), a directory
 * handle, or in Node a path to a folder or a file.
 */
export type PretrainedSource = string | URL | readonly File[] | FileList | ReadableDirectory;

/** As transformers.js tells of downloads. */
export interface ProgressInfo {
  readonly status: 'progress' | 'done' | 'ready';
  /** What is loaded, as it was named; "files" for files. */
  readonly name: string;
  /** The file that comes in; absent when all is ready. */
  readonly file?: string;
  /** Per cent of it, 0 to 100; absent where its size is unknown. */
  readonly progress?: number;
  /** Bytes so far, of it. */
  readonly loaded?: number;
  /** Its bytes; absent where nobody says. */
  readonly total?: number;
}

export interface SourceOptions {
  /** A branch, a tag, a commit or "refs/pr/3" on the hub; "main" where absent. */
  readonly revision?: string;
  /** Takes TensorFlow's weights (tf_model.h5) where others lie beside them. */
  readonly from_tf?: boolean;
  readonly progress_callback?: (info: ProgressInfo) => void;
  /** Ends loading; what was made until then is freed, and the call rejects with `cancelled`. */
  readonly signal?: AbortSignal;
}

const [TENSORFLOW_FILE] = WEIGHT_FORMATS.hdf5.fileNames;
const TENSORFLOW = /\.h5(?:\.index\.json)?$|^tf_model/i;

/** For people, and in progress reports. */
export function nameOf(source: PretrainedSource): string {
  return typeof source === 'string' || source instanceof URL ? String(source) : 'files';
}

/**
 * Rejects as the openers in `checkpoint` do, and with `argument-invalid` for what is no source.
 */
export async function openPretrained(
  source: PretrainedSource,
  options: SourceOptions,
  needs: Part,
): Promise<Checkpoint> {
  const { signal } = options;
  throwIfCancelled(signal, 'cancelled/model');
  const place = await placeOf(source, options);
  switch (place.kind) {
    case 'disk':
      return openCheckpoint(place.files, { signal, needs });
    case 'files':
      return openFromFiles(place.files, { signal, needs });
    case 'web':
      return openFromUrl(place.url, { signal, needs, onProgress: reporter(nameOf(source), options) });
    case 'hub': {
      const { openOnHub } = await import('./hub-source.ts');
      return openOnHub(place.address, { signal, needs, onProgress: reporter(nameOf(source), options) });
    }
  }
}

/** One small file of a model's place; undefined where there is none. */
export async function smallFile(
  source: PretrainedSource,
  name: string,
  options: SourceOptions,
): Promise<ByteSource | undefined> {
  const { signal } = options;
  throwIfCancelled(signal);
  const place = await placeOf(source, options);
  switch (place.kind) {
    case 'disk':
      return place.files.get(name);
    case 'files': {
      const file = nearestFiles(place.files).find((one) => one.name === name);
      return file && blobSource(name, file);
    }
    case 'web':
      try {
        const url = fileUrl(folderAddress(place.url), name);
        return blobSource(name, await fetchFile(url, { signal }));
      } catch (error) {
        if (error instanceof LensError && error.code === 'not-found') return undefined;
        throw error;
      }
    case 'hub': {
      const { fileOnHub } = await import('./hub-source.ts');
      return fileOnHub(place.address, name, signal);
    }
  }
}

type Place =
  | { readonly kind: 'disk'; readonly files: ReadonlyMap<string, ByteSource> }
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'hub'; readonly address: HubAddress };

async function placeOf(source: PretrainedSource, options: SourceOptions): Promise<Place> {
  const place = await anyPlaceOf(source, options);
  return options.from_tf === true ? ofTensorFlow(place) : place;
}

/** The same without other weights, where TensorFlow's lie beside them. */
function ofTensorFlow(place: Place): Place {
  const names =
    place.kind === 'disk'
      ? [...place.files.keys()]
      : place.kind === 'files'
        ? place.files.map(({ name }) => name)
        : [];
  const both = names.some((name) => TENSORFLOW.test(name));
  const isOther = (name: string) => both && isWeightsOrIndex(name) && !TENSORFLOW.test(name);
  switch (place.kind) {
    case 'disk':
      return { ...place, files: new Map([...place.files].filter(([name]) => !isOther(name))) };
    case 'files':
      return { ...place, files: place.files.filter(({ name }) => !isOther(name)) };
    case 'web':
      return isWeightsOrIndex(fileName(place.url))
        ? place
        : { ...place, url: new URL(TENSORFLOW_FILE, folderAddress(place.url).baseUrl).href };
    case 'hub':
      return { ...place, address: { ...place.address, weights: place.address.weights ?? TENSORFLOW_FILE } };
  }
}

function isWeightsOrIndex(name: string): boolean {
  return isWeights(name) || isIndex(name);
}

async function anyPlaceOf(source: PretrainedSource, { revision }: SourceOptions): Promise<Place> {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source);
    if (isPath(text)) return onDiskOrPage(text);
    const address = parseModelAddress(text, env.remoteHost);
    if (address.kind === 'folder') return { kind: 'web', url: address.weightsUrl ?? address.baseUrl };
    return { kind: 'hub', address: withRevision(address, revision) };
  }
  if (isDirectory(source)) return { kind: 'files', files: await filesIn(source) };
  if (typeof source === 'object' && source !== null && 'length' in source) {
    const files = [...source];
    if (files.length > 0 && files.every((file) => file instanceof Blob && 'name' in file))
      return { kind: 'files', files };
  }
  throw new LensError('argument-invalid/source');
}

function onDiskOrPage(text: string): Place {
  if (disk() !== null || /^(?:file:|[a-z]:[\\/])/i.test(text))
    return { kind: 'disk', files: filesOnDisk(text) };
  return { kind: 'web', url: new URL(text, baseAddress()).href };
}

/** @throws LensError `not-found` for what is no revision */
function withRevision(address: HubAddress, revision: string | undefined): HubAddress {
  if (revision === undefined) return address;
  return { ...address, revision: parseHubName(`${address.repository}@${revision}`).revision };
}

function isDirectory(source: unknown): source is ReadableDirectory {
  return (
    typeof source === 'object' &&
    source !== null &&
    'kind' in source &&
    source.kind === 'directory' &&
    'values' in source
  );
}

async function filesIn(directory: ReadableDirectory): Promise<readonly File[]> {
  const files: File[] = [];
  for await (const entry of directory.values()) {
    const file = await entry.getFile?.();
    if (file !== undefined) files.push(file);
  }
  return files;
}

interface Report {
  readonly file: string;
  readonly loadedBytes: number;
  readonly totalBytes: number | null;
}

function reporter(name: string, { progress_callback }: SourceOptions): (report: Report) => void {
  const done = new Set<string>();
  return ({ file, loadedBytes, totalBytes }) => {
    const total = totalBytes === null ? {} : { total: totalBytes };
    const progress =
      totalBytes === null || totalBytes === 0 ? {} : { progress: (100 * loadedBytes) / totalBytes };
    progress_callback?.({ status: 'progress', name, file, loaded: loadedBytes, ...total, ...progress });
    if (loadedBytes !== totalBytes || done.has(file)) return;
    done.add(file);
    progress_callback?.({ status: 'done', name, file });
  };
}
