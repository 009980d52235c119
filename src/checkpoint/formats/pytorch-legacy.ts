/**
 * PyTorch's files from before version 1.6, which newer versions still write on request: five pickles one after the other
 * (a magic number, the version, the machine, the object, the storages' keys), then each storage, a count of its values
 * before it.
 * Format: `_legacy_save` in torch/serialization.py.
 */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { type Refuse, refusalOf } from '../bytes/refusal.ts';
import { quote } from '../bytes/words.ts';
import type { StoredTensor, TensorIndex } from '../tensors/tensors.ts';
import { readPickleAt } from './pickle.ts';
import { PickledStorage, torchVocabulary } from './torch-objects.ts';
import { argumentsOf, bytesOfStorage, findTensors, placeTensor, type StoragePlace } from './torch-state.ts';

/** The magic number in its pickle, by which such a file is known. */
const MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';
const VERSION = 1001;
/** Of the pickles together; it is read in ever larger parts, because nothing says how long they are. */
const FIRST_BYTES = 2 ** 20;
const MAX_BYTES = 16 * 2 ** 20;
/** Before each storage: how many values it has. */
const COUNT_BYTES = 8;
/** Counts that are read at one time. */
const READ_AT_ONCE = 64;

/** @param start how the file begins, a character for each byte */
export function isLegacyPyTorch(start: string): boolean {
  return start.startsWith(MAGIC);
}

/**
 * Reads which tensors the file holds, as `readPyTorch` does; their values are not read.
 * Rejects with `checkpoint-malformed` when pickles, storages or tensors are not sound, and with
 * `checkpoint-unsupported` when the file asks to run a program, is big-endian or holds no weights that can be told apart.
 */
export async function readLegacyPyTorch(source: ByteSource): Promise<TensorIndex> {
  const refuse = refusalOf(source.name);
  const { root, keys, storages, end } = await readPickles(source, refuse);
  const places = await placeStorages(keys, storages, end, source, refuse);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of findTensors(root, refuse)) {
    const place = places.get(tensor.storage.key);
    if (place === undefined) {
      const missing = { tensor: quote(name), entry: quote(tensor.storage.key) };
      throw refuse('checkpoint-malformed/pytorch-values-missing', missing);
    }
    tensors.set(name, placeTensor(name, tensor, source, place, refuse));
  }
  return { tensors, metadata: argumentsOf(root) };
}

interface Pickles {
  readonly root: unknown;
  readonly keys: readonly string[];
  /** By key, as the object refers to them. */
  readonly storages: ReadonlyMap<string, PickledStorage>;
  /** Where the first storage begins. */
  readonly end: number;
}

async function readPickles(source: ByteSource, refuse: Refuse): Promise<Pickles> {
  const most = Math.min(source.size, MAX_BYTES);
  for (let length = Math.min(FIRST_BYTES, most); ; length = Math.min(4 * length, most)) {
    try {
      return parsePickles(await source.read(0, length), refuse);
    } catch (error) {
      const cut = error instanceof LensError && error.key === 'checkpoint-malformed/pickle-cut';
      if (!cut || length === most) throw error;
    }
  }
}

function parsePickles(bytes: Uint8Array, refuse: Refuse): Pickles {
  const torch = torchVocabulary(refuse);
  const storages = new Map<string, PickledStorage>();
  const vocabulary: typeof torch = {
    ...torch,
    load(id) {
      const storage = torch.load(id);
      if (storage instanceof PickledStorage) storages.set(storage.key, storage);
      return storage;
    },
  };
  const values: unknown[] = [];
  let end = 0;
  while (values.length < 5) {
    const pickle = readPickleAt(bytes, end, vocabulary, refuse);
    values.push(pickle.value);
    end = pickle.end;
  }
  const [, version, machine, root, keys] = values;
  if (version !== VERSION) {
    const params = { version: quote(String(version)), highest: VERSION };
    throw refuse('checkpoint-unsupported/pytorch-version', params);
  }
  if (machine instanceof Map && machine.get('little_endian') === false) {
    throw refuse('checkpoint-unsupported/byte-order', { order: quote('big') });
  }
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
    throw refuse('checkpoint-malformed/pytorch-storage-keys');
  }
  return { root, keys, storages, end };
}

/** Storages lie one behind the other, in the order of the keys; how long each is, the object says. */
async function placeStorages(
  keys: readonly string[],
  storages: ReadonlyMap<string, PickledStorage>,
  from: number,
  source: ByteSource,
  refuse: Refuse,
): Promise<ReadonlyMap<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>();
  const counts: { readonly storage: PickledStorage; readonly at: number }[] = [];
  let at = from;
  for (const key of keys) {
    const storage = storages.get(key);
    if (storage === undefined || places.has(key)) throw refuse('checkpoint-malformed/pytorch-storage-keys');
    const start = at + COUNT_BYTES;
    const end = start + bytesOfStorage(storage);
    if (!(end <= source.size)) {
      throw refuse('checkpoint-malformed/ends-too-early', { missing: end - source.size });
    }
    places.set(key, { start, end });
    counts.push({ storage, at });
    at = end;
  }
  while (counts.length > 0) {
    const checked = counts.splice(0, READ_AT_ONCE).map(async ({ storage, at: place }) => {
      const bytes = await source.read(place, place + COUNT_BYTES);
      const count = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
      if (count !== BigInt(storage.length)) {
        throw refuse('checkpoint-malformed/pytorch-storage-count', {
          storage: quote(storage.key),
          count: String(count),
          expected: storage.length,
        });
      }
    });
    await Promise.all(checked);
  }
  return places;
}
