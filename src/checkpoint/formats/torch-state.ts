/** What the pickle of a PyTorch file says about the weights: which dict has them, and where in their storages they lie. */
import type { ByteSource } from '../bytes/bytes.ts';
import type { Refuse } from '../bytes/refusal.ts';
import { quote, sides } from '../bytes/words.ts';
import { isRowMajor, reachOf, valueCount } from '../tensors/strided.ts';
import { BITS, type Checksum, type StoredTensor } from '../tensors/tensors.ts';
import { Instance } from './pickle-objects.ts';
import { type PickledStorage, PickledTensor } from './torch-objects.ts';

/** A storage's bytes are [start, end) of the file. */
export interface StoragePlace {
  readonly start: number;
  readonly end: number;
  /** Of these bytes, where the file has it. */
  readonly checksum?: Checksum | undefined;
}

/** Where training programs keep the weights; the first that holds tensors counts. */
const WEIGHTS_KEYS = ['model', 'state_dict', 'model_state_dict', 'module'];
/** What is no model's, however many tensors it has. */
const NO_WEIGHTS = /optim|scheduler|scaler|moment|exp_avg/i;
/** How deep the weights may lie where no key says it. */
const MAX_KEYS = 4;
/** Of the authors' training arguments, those that say what the model paints. */
const ARGUMENTS = ['norm_pix_loss', 'mask_ratio'];

/** Names of things in the file that a message tells. */
const MOST_NAMES = 5;

/**
 * The tensors by name, from whichever dict of the file holds the weights. Where none of the usual keys has them (a
 * moving average, for example, is kept under many names), it is the dict with most tensors.
 */
export function findTensors(root: unknown, refuse: Refuse): ReadonlyMap<string, PickledTensor> {
  if (root instanceof Map) {
    for (const key of WEIGHTS_KEYS) {
      const tensors = tensorsOf(root.get(key));
      if (tensors.size > 0) return tensors;
    }
  }
  const most = dictsIn(root)
    .map(tensorsOf)
    .reduce((best, next) => (next.size > best.size ? next : best));
  if (most.size > 0) return most;
  const keys = root instanceof Map ? [...root.keys()].filter((key) => typeof key === 'string') : [];
  throw refuse('checkpoint-unsupported/without-names', { found: keys.slice(0, MOST_NAMES).map(quote) });
}

/** The dicts in a dict, itself the first, the nearer ones before the deeper ones; each once. */
function dictsIn(root: unknown): readonly unknown[] {
  const found = new Set([root]);
  let level = [root];
  for (let depth = 0; depth < MAX_KEYS; depth++) {
    const next = level
      .filter((dict) => dict instanceof Map)
      .flatMap((dict) => [...dict])
      .filter(([key, value]) => value instanceof Map && !NO_WEIGHTS.test(String(key)) && !found.has(value))
      .map(([, value]) => value);
    level = [...new Set(next)];
    for (const dict of level) found.add(dict);
  }
  return [...found];
}

function tensorsOf(dict: unknown): ReadonlyMap<string, PickledTensor> {
  const tensors = new Map<string, PickledTensor>();
  if (!(dict instanceof Map)) return tensors;
  for (const [name, value] of dict) {
    if (typeof name === 'string' && value instanceof PickledTensor) tensors.set(name, value);
  }
  return tensors;
}

export function placeTensor(
  name: string,
  { storage, dtype, offset, shape, strides }: PickledTensor,
  source: ByteSource,
  place: StoragePlace,
  refuse: Refuse,
): StoredTensor {
  const width = BITS[dtype] / 8;
  const bytes = bytesOfStorage(storage);
  if (bytes > place.end - place.start) {
    throw refuse('checkpoint-malformed/pytorch-storage-cut', {
      storage: quote(storage.key),
      bytes: place.end - place.start,
      values: storage.length,
      expected: bytes,
    });
  }
  if (!Number.isSafeInteger(valueCount(shape) * width)) {
    throw refuse('checkpoint-malformed/pytorch-too-large', { tensor: quote(name), shape: sides(shape) });
  }
  const reach = reachOf(shape, strides);
  if (!((offset + reach) * width <= bytes)) {
    throw refuse('checkpoint-malformed/pytorch-outside', {
      tensor: quote(name),
      storage: quote(storage.key),
    });
  }
  const start = place.start + offset * width;
  const end = start + reach * width;
  const checksum = start === place.start && end === place.end ? place.checksum : undefined;
  const stored = { name, dtype, shape, source, start, end, ...(checksum && { checksum }) };
  return isRowMajor(shape, strides) ? stored : { ...stored, strides };
}

/** In bytes, by what the pickle says. */
export function bytesOfStorage({ length, dtype }: PickledStorage): number {
  return length * (dtype === undefined ? 1 : BITS[dtype] / 8);
}

export function argumentsOf(root: unknown): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  const args = root instanceof Map ? root.get('args') : undefined;
  const values = args instanceof Instance ? args.state : args;
  if (!(values instanceof Map)) return metadata;
  for (const key of ARGUMENTS) {
    const value: unknown = values.get(key);
    if (typeof value === 'boolean' || typeof value === 'number') metadata.set(`args.${key}`, String(value));
  }
  return metadata;
}
