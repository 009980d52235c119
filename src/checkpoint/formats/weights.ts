/** Which of the files that are there hold the weights, and reading them, whatever their format. */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { quote } from '../bytes/words.ts';
import type { TensorIndex } from '../tensors/tensors.ts';
import { FOREIGN_EXTENSION, refuseForeign, START_BYTES, unknownFormat } from './foreign.ts';
import { readPyTorch } from './pytorch.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { readShards } from './shards.ts';

/** The names that Hugging Face gives to weights; the first that is there counts. */
export const WEIGHTS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const;

/** What a training program leaves beside the weights. */
const NOT_WEIGHTS =
  /^(?:training_args|optimizer|scheduler|scaler|rng_state.*|random_states.*)\.(?:bin|pth?|pkl)$/i;
/** In the order of preference. */
const EXTENSIONS = [/\.safetensors$/i, /\.(?:pth?|bin|ckpt|pyth)$/i];
/** Files that never hold weights, and may lie in any folder. */
const BESIDE =
  /^\.|\.(?:json|jsonl|txt|md|ya?ml|py|ipynb|log|csv|png|jpe?g|gif|webp|svg|license)$|^license$/i;

/**
 * The file of weights, or the index of its shards.
 * @throws LensError `not-found` when there is none, or several of which it is not clear how they belong together
 */
export function findWeights(files: ReadonlyMap<string, ByteSource>): ByteSource {
  for (const name of WEIGHTS) {
    const named = files.get(name);
    if (named !== undefined) return named;
  }
  const candidates = [...files.values()].filter(({ name }) => !NOT_WEIGHTS.test(name) && !BESIDE.test(name));
  for (const extension of EXTENSIONS) {
    const [only, another] = candidates.filter(({ name }) => extension.test(name));
    if (only !== undefined && another !== undefined) throw ambiguous(files, only.name, another.name);
    if (only !== undefined) return only;
  }
  // The reader says what these are.
  const foreign = candidates.find(({ name }) => FOREIGN_EXTENSION.test(name));
  if (foreign !== undefined) return foreign;
  const [only, another] = candidates;
  if (only === undefined || another !== undefined)
    throw missingFile(files, 'the weights (model.safetensors)');
  return only;
}

/**
 * Which tensors a file, or the shards that an index names, holds; their values are not read.
 * Rejects like `readSafetensorsHeader`, `readPyTorch` and `readShards`, and with `checkpoint-unsupported` for any
 * other format, by its name.
 */
export async function readWeights(
  weights: ByteSource,
  files: ReadonlyMap<string, ByteSource>,
  signal?: AbortSignal,
): Promise<TensorIndex> {
  if (!weights.name.endsWith('.index.json')) return readTensors(weights);
  const find = (shard: string) => {
    const source = files.get(shard);
    if (source === undefined) throw missingFile(files, `${quote(shard)}, a part of the weights`);
    return source;
  };
  return readShards(weights, find, readTensors, signal);
}

/** Formats by content, because names lie: what begins like a zip archive is PyTorch's. */
async function readTensors(source: ByteSource): Promise<TensorIndex> {
  const start = await source.read(0, Math.min(source.size, START_BYTES));
  const [p, k, , , , , , , brace] = start;
  if (p === 0x50 && k === 0x4b) return readPyTorch(source);
  refuseForeign(source, start);
  if (brace === 0x7b || source.name.toLowerCase().endsWith('.safetensors'))
    return readSafetensorsHeader(source);
  throw unknownFormat(source);
}

/** The error for a file that should be there. */
function missingFile(files: ReadonlyMap<string, ByteSource>, what: string): LensError {
  const given = [...files.keys()];
  const listed = given.length === 0 ? 'none' : given.slice(0, 5).map(quote).join(', ');
  return new LensError(
    'not-found',
    `A file is missing: ${what}. Choose all files of the model together (given: ${listed}).`,
  );
}

function ambiguous(files: ReadonlyMap<string, ByteSource>, one: string, other: string): LensError {
  const shard = /^(.*)-\d+-of-\d+(\.[^.]+)$/.exec(one);
  if (shard !== null) {
    const index = `${shard[1]}${shard[2]}.index.json`;
    return missingFile(files, `${index}, which says how ${quote(one)} and ${quote(other)} belong together`);
  }
  return new LensError(
    'not-found',
    `It is not clear which file holds the weights: ${quote(one)} or ${quote(other)}. Choose one of them, with its ` +
      'config.json.',
  );
}
