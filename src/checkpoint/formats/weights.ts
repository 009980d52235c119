/** Which of the files that are there hold the weights, and reading them, in one piece or in shards. */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { quote } from '../bytes/words.ts';
import { indexOf, isIndex, liesBeside, weightsAmong } from '../file-names.ts';
import type { TensorIndex } from '../tensors/tensors.ts';
import { readTensors } from './formats.ts';
import { readShards } from './shards.ts';

/** Names that a message tells of the files that were given. */
const MOST_NAMES = 5;

type Files = ReadonlyMap<string, ByteSource>;

/**
 * The file of weights, or the index of its shards.
 * @throws LensError `not-found` when there is none, or several of which it is not clear how they belong together
 */
export function findWeights(files: Files): ByteSource {
  const names = [...files.keys()];
  const named = weightsAmong(names);
  if (named.kind === 'several') throw ambiguous(files, named.one, named.other);
  // The reader says what foreign ones are.
  const [only, another] = named.kind === 'none' ? names.filter((name) => !liesBeside(name)) : [named.name];
  const source = only === undefined || another !== undefined ? undefined : files.get(only);
  if (source === undefined) throw new LensError('not-found/weights-not-chosen', { given: givenNames(files) });
  return source;
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
