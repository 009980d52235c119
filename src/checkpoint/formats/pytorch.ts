/**
 * PyTorch's files (pytorch_model.bin, .pth, .pt, .ckpt): zip archives since version 1.6; for those from before see
 * pytorch-legacy.ts. One folder of any name holds
 * data.pkl, the pickle that says which tensors there are; data/<key>, their values; byteorder; version.
 * Format: torch/serialization.py and caffe2/serialize/inline_container.h.
 */
import type { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { loadCrc32 } from '../bytes/crc32.ts';
import { type Refuse, refusalOf } from '../bytes/refusal.ts';
import { latin1 } from '../bytes/sniff.ts';
import { quote } from '../bytes/words.ts';
import { CONFIG, isWeights, WEIGHT_FORMATS } from '../file-names.ts';
import type { Checksum, StoredTensor, TensorIndex } from '../tensors/tensors.ts';
import { type FileFormat, START_BYTES } from './format.ts';
import { readPickle } from './pickle.ts';
import { isLegacyPyTorch, readLegacyPyTorch } from './pytorch-legacy.ts';
import { type PickledTensor, torchVocabulary } from './torch-objects.ts';
import { argumentsOf, findTensors, placeTensor, type StoragePlace } from './torch-state.ts';
import { locateEntry, readZip, type ZipEntry } from './zip.ts';

/** The pickle of a large model with its optimizer has some hundred KB. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20;
/** Of `byteorder` and `version`, which are a word each. */
const MAX_WORD_BYTES = 64;
/** kMaxSupportedFileFormatVersion */
const HIGHEST_VERSION = 10;

/** Which a .keras archive has. */
const KERAS_MEMBER = 'model.weights.h5';

/** Local headers that are read at one time. */
const READ_AT_ONCE = 64;

type Entries = ReadonlyMap<string, ZipEntry>;

export const pytorch: FileFormat = {
  name: 'PyTorch',
  ...WEIGHT_FORMATS.pytorch,
  // Every zip archive: where it is none of PyTorch's, the reader says what it is.
  sniff: ({ text }) => (text.startsWith('PK') || isLegacyPyTorch(text) ? 'certain' : null),
  async read(source) {
    const start = await source.read(0, Math.min(source.size, START_BYTES));
    return isLegacyPyTorch(latin1(start)) ? readLegacyPyTorch(source) : readPyTorch(source);
  },
};

/**
 * Reads which tensors a PyTorch file holds; their values are not read. The metadata holds `args.norm_pix_loss` and
 * `args.mask_ratio` where the file has the authors' training arguments.
 * Rejects with `checkpoint-malformed` when archive, pickle or tensors are not sound, and with
 * `checkpoint-unsupported` when the file asks to run a program, is big-endian, compressed, encrypted, or holds no
 * weights that can be told apart.
 */
export async function readPyTorch(source: ByteSource): Promise<TensorIndex> {
  const refuse = refusalOf(source.name);
  const entries = await readZip(source);
  const folder = findFolder(entries, refuse);
  refuseByteOrder(await readWord(source, entries.get(`${folder}byteorder`), refuse), refuse);
  refuseVersion(await readWord(source, entries.get(`${folder}version`), refuse), refuse);

  const pickle = await readPickled(source, entries.get(`${folder}data.pkl`), refuse);
  const root = readPickle(pickle, torchVocabulary(refuse), refuse);
  const tensors = await placeTensors(findTensors(root, refuse), source, entries, `${folder}data/`, refuse);
  return { tensors, metadata: argumentsOf(root) };
}

/** The path of the folder with its slash; PyTorch names it after the file, or `archive`. */
function findFolder(entries: Entries, refuse: Refuse): string {
  const folders = [...entries.keys()].flatMap((name) => /^([^/]*\/)?(?=data\.pkl$)/.exec(name)?.[0] ?? []);
  const [folder, another] = folders;
  if (folder === undefined) throw notPyTorch(entries, refuse);
  if (another !== undefined) {
    throw refuse('checkpoint-malformed/pytorch-two-in-one', { one: quote(folder), other: quote(another) });
  }
  if (entries.has(`${folder}constants.pkl`)) throw refuse('checkpoint-unsupported/torchscript');
  return folder;
}

function notPyTorch(entries: Entries, refuse: Refuse): LensError {
  const names = [...entries.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1));
  if (names.some((name) => name.endsWith('.npy'))) return refuse('checkpoint-unsupported/numpy-arrays');
  if (names.includes(KERAS_MEMBER)) return refuse('checkpoint-unsupported/keras-weights');
  return names.some((name) => name === CONFIG || isWeights(name))
    ? refuse('checkpoint-unsupported/zip-of-model')
    : refuse('checkpoint-unsupported/zip-of-others');
}

async function readWord(
  source: ByteSource,
  entry: ZipEntry | undefined,
  refuse: Refuse,
): Promise<string | undefined> {
  if (entry === undefined) return undefined;
  if (entry.size > MAX_WORD_BYTES) {
    throw refuse('checkpoint-malformed/pytorch-word', { entry: quote(entry.name), bytes: entry.size });
  }
  const { start, end } = await locateEntry(source, entry);
  return new TextDecoder('latin1').decode(await source.read(start, end)).trim();
}

function refuseByteOrder(order: string | undefined, refuse: Refuse): void {
  if (order === undefined || order === 'little') return;
  throw refuse('checkpoint-unsupported/byte-order', { order: quote(order) });
}

function refuseVersion(version: string | undefined, refuse: Refuse): void {
  if (version === undefined || (/^\d{1,3}$/.test(version) && Number(version) <= HIGHEST_VERSION)) return;
  throw refuse('checkpoint-unsupported/pytorch-version', {
    version: quote(version),
    highest: HIGHEST_VERSION,
  });
}

async function readPickled(
  source: ByteSource,
  entry: ZipEntry | undefined,
  refuse: Refuse,
): Promise<Uint8Array> {
  if (entry === undefined) throw refuse('checkpoint-malformed/pytorch-without-pickle');
  const { start, end } = await locateEntry(source, entry);
  if (end - start > MAX_PICKLE_BYTES) {
    throw refuse('checkpoint-malformed/pytorch-pickle-too-long', {
      entry: quote(entry.name),
      bytes: end - start,
    });
  }
  const bytes = await source.read(start, end);
  const crc32 = (await loadCrc32())();
  crc32.take(bytes);
  if (entry.crc32 !== undefined && crc32.value() !== entry.crc32) {
    throw refuse('checkpoint-malformed/zip-entry-crc', { entry: quote(entry.name) });
  }
  return bytes;
}

async function placeStorage(
  entry: ZipEntry,
  source: ByteSource,
  begin: Checksum['begin'],
): Promise<StoragePlace> {
  const range = await locateEntry(source, entry);
  return entry.crc32 === undefined ? range : { ...range, checksum: { crc32: entry.crc32, begin } };
}

/** Finds each tensor's bytes. Several tensors may lie in one storage, and one behind the other's start. */
async function placeTensors(
  pickled: ReadonlyMap<string, PickledTensor>,
  source: ByteSource,
  entries: Entries,
  folder: string,
  refuse: Refuse,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const needed = new Map<string, ZipEntry>();
  for (const [name, { storage }] of pickled) {
    const entry = entries.get(folder + storage.key);
    if (entry === undefined) {
      throw refuse('checkpoint-malformed/pytorch-values-missing', {
        tensor: quote(name),
        entry: quote(folder + storage.key),
      });
    }
    needed.set(storage.key, entry);
  }
  const begin = await loadCrc32();
  const places = new Map<string, StoragePlace>();
  const waiting = [...needed];
  while (waiting.length > 0) {
    const located = waiting
      .splice(0, READ_AT_ONCE)
      .map(async ([key, entry]) => places.set(key, await placeStorage(entry, source, begin)));
    await Promise.all(located);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of pickled) {
    const place = places.get(tensor.storage.key);
    if (place !== undefined) tensors.set(name, placeTensor(name, tensor, source, place, refuse));
  }
  return tensors;
}
