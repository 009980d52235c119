/** From a checkpoint's files, on disk or on the web, to a `Checkpoint`. */

import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import { parseConfig, type ViTMAEConfig } from '../../mae/config.ts';
import { type ByteSource, blobSource } from '../bytes/bytes.ts';
import { readJson } from '../bytes/json.ts';
import { quote } from '../bytes/words.ts';
import { type Checkpoint, makeCheckpoint } from '../checkpoint.ts';
import { type DownloadOptions, fetchFile } from '../download/fetch-file.ts';
import { readShardMap } from '../formats/shards.ts';
import { findWeights, readWeights, WEIGHTS } from '../formats/weights.ts';
import { inferConfig } from '../names/infer.ts';
import { matchNamed, nameTensors } from '../names/names.ts';
import { chosenFiles } from './files.ts';

const CONFIG = 'config.json';
const PREPROCESSOR = 'preprocessor_config.json';

/**
 * Opens a checkpoint from its files by name: config.json, preprocessor_config.json (optional), and the weights, as
 * safetensors or as PyTorch writes them: model.safetensors, else pytorch_model.bin, in one piece or in shards with
 * their index, else the only file of that kind, whatever its name. Files that are not needed are ignored. Without
 * config.json, the config is read from the weights; see `inferConfig`.
 * Reads headers only; the weights are read when they are asked for.
 * Rejects with `not-found` when a file is missing, `config-invalid`, `config-unsupported`, one of the
 * `checkpoint-…` codes when the weights are not what config.json asks for, or `cancelled`.
 */
export async function openCheckpoint(
  files: ReadonlyMap<string, ByteSource>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  const known = await readConfig(files);
  const preprocessorFile = files.get(PREPROCESSOR);
  const preprocessorConfig =
    preprocessorFile === undefined ? undefined : await readJson(preprocessorFile, 'config-invalid');

  const weights = findWeights(files);
  const { tensors, metadata } = await readWeights(weights, files, options.signal);
  throwIfCancelled(options.signal);
  const named = nameTensors(tensors.values(), weights.name);
  if (known !== undefined) {
    return makeCheckpoint(known, preprocessorConfig, matchNamed(known, named, weights.name));
  }
  const { config, assumptions } = inferConfig(named, metadata, weights.name);
  const parameters = matchNamed(config, named, weights.name, 'the rest of it');
  return { ...makeCheckpoint(config, preprocessorConfig, parameters), assumptions };
}

/**
 * Opens a checkpoint on the web: the one whose files lie under `baseUrl`, an absolute address with or without a slash
 * at its end, or the one in the file at `baseUrl`, when it ends like one of weights.
 * The weights are downloaded completely, after config.json has been found sound. A single file needs none.
 * Rejects like `openCheckpoint` and `fetchFile`.
 */
export async function openFromUrl(baseUrl: string, options: DownloadOptions = {}): Promise<Checkpoint> {
  if (!URL.canParse(baseUrl)) {
    throw new LensError('not-found', `${quote(baseUrl)} is not a complete web address, such as https://….`);
  }
  return /\.(?:safetensors|bin|pth?|ckpt|pyth)$/i.test(new URL(baseUrl).pathname)
    ? openFileFromUrl(baseUrl, options)
    : openFolderFromUrl(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`, options);
}

/**
 * Opens a checkpoint from files that the visitor chose or dropped, in any order, a whole folder too. Rejects like
 * `openCheckpoint`, and with `checkpoint-unsupported` when two of them have the same name.
 */
export async function openFromFiles(
  files: readonly File[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  return openCheckpoint(chosenFiles(files), options);
}

async function readConfig(files: ReadonlyMap<string, ByteSource>): Promise<ViTMAEConfig | undefined> {
  const file = files.get(CONFIG);
  return file === undefined ? undefined : parseConfig(await readJson(file, 'config-invalid'));
}

async function openFolderFromUrl(folder: string, options: DownloadOptions): Promise<Checkpoint> {
  const files = new Map<string, ByteSource>();
  const download = downloader(folder, files, options);
  await Promise.all([download(CONFIG), orNothing(download(PREPROCESSOR))]);
  await readConfig(files);
  for (const name of WEIGHTS) {
    const weights = await orNothing(download(name));
    if (weights === undefined) continue;
    if (name.endsWith('.index.json')) {
      for (const shard of new Set((await readShardMap(weights)).values())) await download(shard);
    }
    return openCheckpoint(files, options);
  }
  throw new LensError(
    'not-found',
    `There are no weights that this page can read under ${folder}: neither model.safetensors nor pytorch_model.bin, ` +
      'and no index of their parts. Check the address, or choose a model that has one of them.',
  );
}

/** Beside a file with one of Hugging Face's names lies the rest of the model; elsewhere there is no more than the file. */
async function openFileFromUrl(url: string, options: DownloadOptions): Promise<Checkpoint> {
  const files = new Map<string, ByteSource>();
  const name = decodeURIComponent(new URL(url).pathname.replace(/^.*\//, ''));
  if (WEIGHTS.some((known) => known === name)) {
    const download = downloader(new URL('.', url).href, files, options);
    await Promise.all([orNothing(download(CONFIG)), orNothing(download(PREPROCESSOR))]);
    await readConfig(files);
  }
  files.set(name, blobSource(name, await fetchFile(url, options)));
  return openCheckpoint(files, options);
}

function downloader(
  folder: string,
  files: Map<string, ByteSource>,
  options: DownloadOptions,
): (name: string) => Promise<ByteSource> {
  return async (name) => {
    const url = new URL(encodeURIComponent(name), folder).href;
    const source = blobSource(name, await fetchFile(url, options));
    files.set(name, source);
    return source;
  };
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
