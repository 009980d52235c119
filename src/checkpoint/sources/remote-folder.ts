/** A folder on the web, wherever it is, and which of its files make up the model. */
import { LensError } from '../../base/errors.ts';
import { parseConfig } from '../../mae/config.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { readJson } from '../bytes/json.ts';
import { quote } from '../bytes/words.ts';
import type { RemoteFile } from '../download/remote-file.ts';
import {
  CONFIG,
  endingWith,
  FOREIGN_FORMATS,
  fileName,
  isIndex,
  PREPROCESSOR,
  WEIGHT_NAMES,
  weightsAmong,
} from '../file-names.ts';
import { readShardMap } from '../formats/shards.ts';
import { folderOf, type ModelAddress, titleOf } from './address.ts';

const KERAS = endingWith(FOREIGN_FORMATS.keras);
const TENSORFLOW = endingWith(FOREIGN_FORMATS.tensorflow);

/** The files of a model's place, inside its folder. */
export interface RemoteFolder {
  /** The commit that the revision stands for now; null where nobody says. */
  readonly commit: string | null;
  /** Undefined where there is no such file. Rejects with `network` or `cancelled` where that cannot be found out. */
  find(name: string): Promise<RemoteFile | undefined>;
  /** The names of its files, as far as anybody lists them; empty where nobody does. */
  list(): Promise<readonly string[]>;
}

/** The files that make up a model. */
export interface WantedFiles {
  /** What has been read already: config.json, preprocessor_config.json and the index, where they are there. */
  readonly small: readonly RemoteFile[];
  /** The weights, in one piece or in shards. */
  readonly weights: readonly RemoteFile[];
}

/**
 * Finds config.json, preprocessor_config.json (optional) and the weights, in this order, so that the weights of a model
 * that cannot run are not even asked for. A file of weights that the address names, or the only one in a folder that is
 * listed, needs no config.json: the original authors' have none.
 * @param read downloads a small file
 * Rejects with `not-found` when config.json, the weights or a part of them are missing, `config-invalid` or
 * `config-unsupported`, `checkpoint-malformed` for the index, and like `find` and `read`.
 */
export async function findWanted(
  folder: RemoteFolder,
  address: ModelAddress,
  read: (file: RemoteFile) => Promise<ByteSource>,
): Promise<WantedFiles> {
  const named = namedWeights(address);
  const model = titleOf(folderOf(address));
  const [config, preprocessor] = await Promise.all([folder.find(CONFIG), folder.find(PREPROCESSOR)]);
  if (config === undefined && named === null) {
    // The weights alone may do, where the folder says which file that is.
    const listed = await chooseListed(folder, model);
    if (listed === undefined) throw new LensError('not-found/config-not-in-folder', { model });
  }
  if (config !== undefined) parseConfig(await readJson(await read(config), 'config-invalid'));
  if (preprocessor !== undefined) await read(preprocessor);
  const small = [config, preprocessor].filter((file) => file !== undefined);
  const found = await findWeights(folder, named, model);
  if (!isIndex(found.name)) return { small, weights: [found] };
  const shards = new Set((await readShardMap(await read(found))).values());
  return { small: [...small, found], weights: await findShards(folder, shards, model) };
}

/** The file of weights that an address names. */
function namedWeights(address: ModelAddress): string | null {
  if (address.kind === 'hub') return address.weights;
  return address.weightsUrl === null ? null : fileName(address.weightsUrl);
}

async function findWeights(folder: RemoteFolder, named: string | null, model: string): Promise<RemoteFile> {
  for (const name of named === null ? WEIGHT_NAMES : [named]) {
    const file = await folder.find(name);
    if (file !== undefined) return file;
  }
  if (named !== null) throw new LensError('not-found/file-not-in-folder', { model, file: quote(named) });
  const listed = await chooseListed(folder, model);
  const file = listed === undefined ? undefined : await folder.find(listed);
  if (file !== undefined) return file;
  throw new LensError('not-found/weights-not-in-folder', { model, names: WEIGHT_NAMES });
}

/** The file of weights in a folder that is listed, whatever it is called. */
async function chooseListed(folder: RemoteFolder, model: string): Promise<string | undefined> {
  const named = weightsAmong(await folder.list());
  if (named.kind === 'one') return named.name;
  if (named.kind === 'several') {
    const names = { one: quote(named.one), other: quote(named.other) };
    throw new LensError('not-found/several-in-folder', { model, ...names });
  }
  if (named.kind === 'foreign') throw onlyForeign(named.name, model);
  return undefined;
}

function onlyForeign(name: string, model: string): LensError {
  const params = { model, file: quote(name) };
  if (KERAS.test(name)) return new LensError('not-found/only-keras-in-folder', params);
  if (TENSORFLOW.test(name)) return new LensError('not-found/only-tensorflow-in-folder', params);
  return new LensError('not-found/only-others-in-folder', params);
}

async function findShards(
  folder: RemoteFolder,
  names: Iterable<string>,
  model: string,
): Promise<readonly RemoteFile[]> {
  const files: RemoteFile[] = [];
  for (const name of names) {
    const file = await folder.find(name);
    if (file === undefined) {
      throw new LensError('not-found/shard-not-in-folder', { model, shard: quote(name) });
    }
    files.push(file);
  }
  return files;
}
