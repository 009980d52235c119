/** Which of the files that are there hold the weights, and reading them, in one piece or in shards. */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { quote } from '../bytes/words.ts';
import { endingWith, indexOf, isForeignWeights, isIndex, liesBeside, WEIGHT_NAMES } from '../file-names.ts';
import type { TensorIndex } from '../tensors/tensors.ts';
import { FORMATS, READ_FORMATS, readTensors } from './formats.ts';
import { readShards } from './shards.ts';

/** In the order of preference. */
const EXTENSIONS = READ_FORMATS.map(({ extensions }) => endingWith(extensions));
const ANY_EXTENSION = endingWith(FORMATS.flatMap(({ extensions }) => extensions));
/** Names that a message tells of the files that were given. */
const MOST_NAMES = 5;

type Files = ReadonlyMap<string, ByteSource>;

/**
 * The file of weights, or the index of its shards.
 * @throws LensError `not-found` when there is none, or several of which it is not clear how they belong together
 */
export function findWeights(files: Files): ByteSource {
  for (const name of WEIGHT_NAMES) {
    const named = files.get(name);
    if (named !== undefined) return named;
  }
  const candidates = [...files.values()].filter(({ name }) => !liesBeside(name));
  for (const extension of EXTENSIONS) {
    const [only, another] = candidates.filter(({ name }) => extension.test(name) && !isForeignWeights(name));
    if (only !== undefined && another !== undefined) throw ambiguous(files, only.name, another.name);
    if (only !== undefined) return only;
  }
  // The reader says what these are.
  const foreign = candidates.find(({ name }) => ANY_EXTENSION.test(name));
  if (foreign !== undefined) return foreign;
  const [only, another] = candidates;
  if (only === undefined || another !== undefined) {
    throw new LensError('not-found/weights-not-chosen', { given: givenNames(files) });
  }
  return only;
}

/**
 * Which tensors a file, or the shards that an index names, holds; their values are not read.
 * Rejects like `readTensors` and `readShards`.
 */
export async function readWeights(
  weights: ByteSource,
  files: Files,
  signal?: AbortSignal,
): Promise<TensorIndex> {
  if (!isIndex(weights.name)) return readTensors(weights);
  const find = (shard: string) => {
    const source = files.get(shard);
    if (source !== undefined) return source;
    throw new LensError('not-found/shard-not-chosen', { shard: quote(shard), given: givenNames(files) });
  };
  return readShards(weights, find, readTensors, signal);
}

function ambiguous(files: Files, one: string, other: string): LensError {
  const names = { one: quote(one), other: quote(other) };
  const shard = /^(.*)-\d+-of-\d+(\.[^.]+)$/.exec(one);
  if (shard === null) return new LensError('not-found/several-weights', names);
  const index = indexOf(`${shard[1]}${shard[2]}`);
  return new LensError('not-found/index-not-chosen', { index, ...names, given: givenNames(files) });
}

function givenNames(files: Files): readonly string[] {
  return [...files.keys()].slice(0, MOST_NAMES).map(quote);
}
