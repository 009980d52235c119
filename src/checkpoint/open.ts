/** From a checkpoint's files, on disk or on the web, to a `Checkpoint`. */
import { parseConfig } from '../mae/config.ts';
import { type ErrorCode, LensError } from '../mae/errors.ts';
import { type ByteSource, blobSource } from './bytes.ts';
import { type Checkpoint, makeCheckpoint } from './checkpoint.ts';
import { matchTensors } from './names.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { type DownloadOptions, fetchFile, throwIfCancelled } from './source.ts';
import type { StoredTensor } from './tensors.ts';
import { brief, quote } from './words.ts';

const CONFIG = 'config.json';
const PREPROCESSOR = 'preprocessor_config.json';
const WEIGHTS = 'model.safetensors';
const SHARDS = 'model.safetensors.index.json';

/** A config.json has a few hundred bytes and an index of shards some hundred per tensor; more is not ours. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

/**
 * Opens a checkpoint from its files by name: config.json, preprocessor_config.json (optional), and the weights:
 * model.safetensors, or model.safetensors.index.json with its shards, or the only .safetensors file there is.
 * Reads headers only; the weights are read when they are asked for.
 * Rejects with `not-found` when a file is missing, `config-invalid`, `config-unsupported`, one of the
 * `checkpoint-…` codes when the weights are not what config.json asks for, or `cancelled`.
 */
export async function openCheckpoint(
  files: ReadonlyMap<string, ByteSource>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  const configFile = files.get(CONFIG);
  if (configFile === undefined) {
    throw missing(files, `${CONFIG}, which says how the model is built`);
  }
  const config = parseConfig(await readJson(configFile, 'config-invalid'));
  const preprocessorFile = files.get(PREPROCESSOR);
  const preprocessorConfig =
    preprocessorFile === undefined ? undefined : await readJson(preprocessorFile, 'config-invalid');

  const weights = findWeights(files);
  const stored =
    weights.name === SHARDS
      ? await readShards(weights, files, options.signal)
      : (await readSafetensorsHeader(weights)).tensors.values();
  throwIfCancelled(options.signal);
  return makeCheckpoint(config, preprocessorConfig, matchTensors(config, stored, weights.name));
}

/**
 * Opens the checkpoint whose files lie under `baseUrl`, an absolute address with or without a slash at its end.
 * The weights are downloaded completely, after config.json has been found sound.
 * Rejects like `openCheckpoint` and `fetchFile`.
 */
export async function openFromUrl(baseUrl: string, options: DownloadOptions = {}): Promise<Checkpoint> {
  const folder = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  if (!URL.canParse(folder)) {
    throw new LensError('not-found', `${quote(baseUrl)} is not a complete web address, such as https://….`);
  }
  const files = new Map<string, ByteSource>();
  const download = async (name: string) => {
    const url = new URL(encodeURIComponent(name), folder).href;
    const source = blobSource(name, await fetchFile(url, options));
    files.set(name, source);
    return source;
  };

  const [config] = await Promise.all([download(CONFIG), orNothing(download(PREPROCESSOR))]);
  parseConfig(await readJson(config, 'config-invalid'));
  if ((await orNothing(download(WEIGHTS))) === undefined) {
    const index = await orNothing(download(SHARDS));
    if (index === undefined) {
      throw new LensError(
        'not-found',
        `There are no weights that this page can read under ${folder}: neither ${WEIGHTS} nor ${SHARDS}. ` +
          'Check the address, or choose a model that is published as safetensors.',
      );
    }
    for (const shard of new Set((await readShardMap(index)).values())) await download(shard);
  }
  return openCheckpoint(files, options);
}

/**
 * Opens a checkpoint from files that the visitor chose or dropped. Rejects like `openCheckpoint`, and with
 * `checkpoint-unsupported` when two of them have the same name.
 */
export async function openFromFiles(
  files: readonly File[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  const sources = new Map<string, ByteSource>();
  for (const file of files) {
    if (sources.has(file.name)) {
      throw new LensError(
        'checkpoint-unsupported',
        `Two of the files are called ${quote(file.name)}. Choose the files of one model only.`,
      );
    }
    sources.set(file.name, blobSource(file.name, file));
  }
  return openCheckpoint(sources, options);
}

function findWeights(files: ReadonlyMap<string, ByteSource>): ByteSource {
  const named = files.get(WEIGHTS) ?? files.get(SHARDS);
  if (named !== undefined) return named;
  const [only, another] = [...files.values()].filter(({ name }) => name.endsWith('.safetensors'));
  if (only === undefined) throw missing(files, `the weights (${WEIGHTS})`);
  if (another !== undefined) {
    throw missing(
      files,
      `${SHARDS}, which says how ${quote(only.name)} and ${quote(another.name)} belong together`,
    );
  }
  return only;
}

function missing(files: ReadonlyMap<string, ByteSource>, what: string): LensError {
  const given = [...files.keys()];
  const listed = given.length === 0 ? 'none' : given.slice(0, 5).map(quote).join(', ');
  return new LensError(
    'not-found',
    `A file is missing: ${what}. Choose all files of the model together (given: ${listed}).`,
  );
}

/** The tensors of all shards that the index names. */
async function readShards(
  index: ByteSource,
  files: ReadonlyMap<string, ByteSource>,
  signal: AbortSignal | undefined,
): Promise<StoredTensor[]> {
  const shardOf = await readShardMap(index);
  const shards = new Map<string, ReadonlyMap<string, StoredTensor>>();
  for (const shard of new Set(shardOf.values())) {
    throwIfCancelled(signal);
    const source = files.get(shard);
    if (source === undefined) throw missing(files, `${quote(shard)}, a part of the weights`);
    shards.set(shard, (await readSafetensorsHeader(source)).tensors);
  }
  return [...shardOf].map(([name, shard]) => {
    const tensor = shards.get(shard)?.get(name);
    if (tensor !== undefined) return tensor;
    throw new LensError(
      'checkpoint-malformed',
      `${index.name} says that the tensor ${quote(name)} is in ${quote(shard)}, and it is not. Check that all ` +
        'parts come from the same model.',
    );
  });
}

/** Tensor → file that holds it, from model.safetensors.index.json. */
async function readShardMap(index: ByteSource): Promise<ReadonlyMap<string, string>> {
  const json = await readJson(index, 'checkpoint-malformed');
  const map = isObject(json) ? json.weight_map : undefined;
  if (!isObject(map)) {
    throw new LensError(
      'checkpoint-malformed',
      `${index.name} has no weight_map, the list of which file holds which tensor. Download the file again.`,
    );
  }
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !isShardName(shard)) {
      throw new LensError(
        'checkpoint-malformed',
        `${index.name} says that the tensor ${quote(tensor)} is in ${brief(shard)}, which is not the name of a ` +
          '.safetensors file beside it. Download the file again.',
      );
    }
    shardOf.set(tensor, shard);
  }
  return shardOf;
}

/** A plain file name: an index must not send the page to another folder or site. */
function isShardName(name: string): boolean {
  return name.endsWith('.safetensors') && !/[/\\]/.test(name);
}

async function readJson(source: ByteSource, code: ErrorCode): Promise<unknown> {
  if (source.size > MAX_JSON_BYTES) {
    throw new LensError(
      code,
      `${source.name} has ${source.size} bytes, far too many for what it should be. Get the file again.`,
    );
  }
  const bytes = await source.read(0, source.size);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new LensError(
      code,
      `${source.name} is not a JSON file. Get the file again from where the model is.`,
      {
        cause: error,
      },
    );
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
