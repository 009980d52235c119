/** A checkpoint from a folder on the web into memory, for what is bundled or served for a test. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import { type OpenOptions, openCheckpoint } from '../assemble.ts';
import { type ByteSource, blobSource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { type DownloadOptions, fetchFile } from '../download/fetch-file.ts';
import { fileUrl, folderAddress } from './address.ts';
import { readListing } from './listing.ts';
import { findWanted } from './remote-folder.ts';

/**
 * Opens the checkpoint whose files lie under `baseUrl`, an absolute address with or without a slash at its end, or the
 * one in the file at `baseUrl`, when it ends like one of weights.
 * The weights are downloaded completely, after config.json has been found sound.
 * Rejects like `folderAddress`, `findWanted`, `fetchFile` and `openCheckpoint`.
 */
export async function openFromUrl(
  baseUrl: string,
  options: DownloadOptions & OpenOptions = {},
): Promise<Checkpoint> {
  const address = folderAddress(baseUrl);
  const files = new Map<string, ByteSource>();
  /** A file is found by fetching it: most are there, and asking beforehand would be a request more for each. */
  const find = async (name: string) => {
    const url = fileUrl(address, name);
    const blob = await orNothing(fetchFile(url, options));
    if (blob === undefined) return undefined;
    files.set(name, blobSource(name, blob));
    return { name, url, size: blob.size, sha256: null, identity: null };
  };
  const read = async ({ name }: { readonly name: string }) => {
    const source = files.get(name);
    if (source === undefined) throw new TypeError(`${name} has not been fetched`);
    return source;
  };
  const list = () => listedFiles(address.baseUrl, options.signal);
  await findWanted({ commit: null, find, list }, address, read);
  return openCheckpoint(files, options);
}

async function listedFiles(baseUrl: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    return await readListing(await fetch(baseUrl, signal === undefined ? {} : { signal }), baseUrl);
  } catch {
    throwIfCancelled(signal);
    return [];
  }
}

/** Undefined where there is no such file; every other failure stays one. */
async function orNothing<T>(download: Promise<T>): Promise<T | undefined> {
  try {
    return await download;
  } catch (error) {
    if (error instanceof LensError && error.code === 'not-found') return undefined;
    throw error;
  }
}
