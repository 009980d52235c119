/**
 * PyTorch's files (pytorch_model.bin, .pth, .pt, .ckpt): zip archives since version 1.6. One folder of any name holds
 * data.pkl, the pickle that says which tensors there are; data/<key>, their values; byteorder; version.
 * Format: torch/serialization.py and caffe2/serialize/inline_container.h.
 */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { bytesInWords, quote, sides } from '../bytes/words.ts';
import { valueCount } from '../tensors/strided.ts';
import { BITS, type StoredTensor, type TensorIndex } from '../tensors/tensors.ts';
import { Instance, readPickle } from './pickle.ts';
import { PickledTensor, torchVocabulary } from './torch-objects.ts';
import { type ByteRange, locateEntry, readZip, type ZipEntry } from './zip.ts';

/** The pickle of a large model with its optimizer has some hundred KB. */
const MAX_PICKLE_BYTES = 16 * 2 ** 20;
/** Of `byteorder` and `version`, which are a word each. */
const MAX_WORD_BYTES = 64;
/** kMaxSupportedFileFormatVersion */
const HIGHEST_VERSION = 10;

/** Where training programs keep the weights; the first that holds tensors counts. */
const WEIGHTS_KEYS = ['model', 'state_dict', 'model_state_dict', 'module'];
/** Of the authors' training arguments, those that say what the model paints. */
const ARGUMENTS = ['norm_pix_loss', 'mask_ratio'];

/** Local headers that are read at one time. */
const READ_AT_ONCE = 64;

type Refuse = (what: string) => LensError;
type Entries = ReadonlyMap<string, ZipEntry>;

/**
 * Reads which tensors a PyTorch file holds; their values are not read. The metadata holds `args.norm_pix_loss` and
 * `args.mask_ratio` where the file has the authors' training arguments.
 * Rejects with `checkpoint-malformed` when archive, pickle or tensors are not sound, and with
 * `checkpoint-unsupported` when the file asks to run a program, is big-endian, compressed, encrypted, or holds no
 * weights that can be told apart.
 */
export async function readPyTorch(source: ByteSource): Promise<TensorIndex> {
  const refuse: Refuse = (what) =>
    new LensError(
      'checkpoint-malformed',
      `${source.name} is not a sound PyTorch file: ${what}. Download or copy the file again.`,
    );
  const entries = await readZip(source);
  const folder = findFolder(source, entries);
  refuseByteOrder(source, await readWord(source, entries.get(`${folder}byteorder`), refuse));
  refuseVersion(source, await readWord(source, entries.get(`${folder}version`), refuse));

  const refusePickle: Refuse = (what) => refuse(`its pickle ${what}`);
  const pickle = await readPickled(source, entries.get(`${folder}data.pkl`), refuse);
  const root = readPickle(pickle, torchVocabulary(source.name, refusePickle), refusePickle);
  const tensors = await placeTensors(findTensors(source, root), source, entries, `${folder}data/`, refuse);
  return { tensors, metadata: argumentsOf(root) };
}

/** The path of the folder with its slash; PyTorch names it after the file, or `archive`. */
function findFolder(source: ByteSource, entries: Entries): string {
  const folders = [...entries.keys()].flatMap((name) => /^([^/]*\/)?(?=data\.pkl$)/.exec(name)?.[0] ?? []);
  const [folder, another] = folders;
  if (folder === undefined) throw notPyTorch(source, entries);
  if (another !== undefined) {
    throw new LensError(
      'checkpoint-malformed',
      `${source.name} holds two PyTorch files in one: ${quote(folder)} and ${quote(another)}. Unpack it, or ` +
        'download the file again.',
    );
  }
  if (entries.has(`${folder}constants.pkl`)) {
    throw new LensError(
      'checkpoint-unsupported',
      `${source.name} is a TorchScript program, made with torch.jit.save. Save the weights instead, with ` +
        'torch.save(model.state_dict(), "weights.pth").',
    );
  }
  return folder;
}

function notPyTorch(source: ByteSource, entries: Entries): LensError {
  const names = [...entries.keys()];
  const [what, advice] = names.some((name) => name.endsWith('.npy'))
    ? ['holds NumPy arrays (.npz)', 'Save the weights as safetensors or with torch.save.']
    : names.some((name) => /(?:^|\/)(?:config\.json|[^/]+\.(?:safetensors|bin|pth))$/.test(name))
      ? ['is a zip archive with the files of a model in it', 'Unpack it and choose the files themselves.']
      : ['is a zip archive, and not one of PyTorch', 'Choose the file that holds the weights.'];
  return new LensError('checkpoint-unsupported', `${source.name} ${what}. ${advice}`);
}

async function readWord(
  source: ByteSource,
  entry: ZipEntry | undefined,
  refuse: Refuse,
): Promise<string | undefined> {
  if (entry === undefined) return undefined;
  if (entry.size > MAX_WORD_BYTES) {
    throw refuse(`${quote(entry.name)} has ${bytesInWords(entry.size)} instead of a word`);
  }
  const { start, end } = await locateEntry(source, entry);
  return new TextDecoder('latin1').decode(await source.read(start, end)).trim();
}

function refuseByteOrder(source: ByteSource, order: string | undefined): void {
  if (order === undefined || order === 'little') return;
  throw new LensError(
    'checkpoint-unsupported',
    `${source.name} was written on a machine of another byte order (${quote(order)}), and this page reads "little" ` +
      'only. Load it in Python on an ordinary machine and save it again.',
  );
}

function refuseVersion(source: ByteSource, version: string | undefined): void {
  if (version === undefined || (/^\d{1,3}$/.test(version) && Number(version) <= HIGHEST_VERSION)) return;
  throw new LensError(
    'checkpoint-unsupported',
    `${source.name} has version ${quote(version)} of PyTorch's file format, and ${HIGHEST_VERSION} is the highest that ` +
      'is known here. Save the model as safetensors instead.',
  );
}

async function readPickled(
  source: ByteSource,
  entry: ZipEntry | undefined,
  refuse: Refuse,
): Promise<Uint8Array> {
  if (entry === undefined) throw refuse('data.pkl is missing');
  const { start, end } = await locateEntry(source, entry);
  if (end - start > MAX_PICKLE_BYTES) {
    throw refuse(`${quote(entry.name)} has ${end - start} bytes, far too many for a list of tensors`);
  }
  return source.read(start, end);
}

/** The tensors by name, from whichever dict of the file holds the weights. */
function findTensors(source: ByteSource, root: unknown): ReadonlyMap<string, PickledTensor> {
  if (root instanceof Map) {
    for (const dict of [...WEIGHTS_KEYS.map((key) => root.get(key)), root]) {
      const tensors = tensorsOf(dict);
      if (tensors.size > 0) return tensors;
    }
  }
  const keys = root instanceof Map ? [...root.keys()].filter((key) => typeof key === 'string') : [];
  const has = keys.length === 0 ? 'no names at all' : keys.slice(0, 5).map(quote).join(', ');
  throw new LensError(
    'checkpoint-unsupported',
    `${source.name} holds no weights by name (it has ${has}). Save them with torch.save(model.state_dict(), ` +
      '"weights.pth").',
  );
}

function tensorsOf(dict: unknown): ReadonlyMap<string, PickledTensor> {
  const tensors = new Map<string, PickledTensor>();
  if (!(dict instanceof Map)) return tensors;
  for (const [name, value] of dict) {
    if (typeof name === 'string' && value instanceof PickledTensor) tensors.set(name, value);
  }
  return tensors;
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
      throw refuse(`the values of the tensor ${quote(name)} are missing (${quote(folder + storage.key)})`);
    }
    needed.set(storage.key, entry);
  }
  const places = new Map<string, ByteRange>();
  const waiting = [...needed];
  while (waiting.length > 0) {
    const located = waiting
      .splice(0, READ_AT_ONCE)
      .map(async ([key, entry]) => places.set(key, await locateEntry(source, entry)));
    await Promise.all(located);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of pickled) {
    const place = places.get(tensor.storage.key);
    if (place !== undefined) tensors.set(name, placeTensor(name, tensor, source, place, refuse));
  }
  return tensors;
}

function placeTensor(
  name: string,
  { storage, dtype, offset, shape, strides }: PickledTensor,
  source: ByteSource,
  place: ByteRange,
  refuse: Refuse,
): StoredTensor {
  const width = BITS[dtype] / 8;
  const bytes = storage.length * (storage.dtype === undefined ? 1 : BITS[storage.dtype] / 8);
  if (bytes > place.end - place.start) {
    throw refuse(
      `the storage ${quote(storage.key)} has ${bytesInWords(place.end - place.start)}, and its ${storage.length} ` +
        `values take ${bytes}`,
    );
  }
  if (!Number.isSafeInteger(valueCount(shape) * width)) {
    throw refuse(`the tensor ${quote(name)} has a shape too large to exist: ${sides(shape)}`);
  }
  const empty = shape.includes(0);
  const reach = empty ? 0 : 1 + shape.reduce((sum, side, i) => sum + (side - 1) * (strides[i] ?? 0), 0);
  if (!((offset + reach) * width <= bytes)) {
    throw refuse(`the tensor ${quote(name)} reaches beyond its storage ${quote(storage.key)}`);
  }
  const start = place.start + offset * width;
  const stored = { name, dtype, shape, source, start, end: start + reach * width };
  return isRowMajor(shape, strides) ? stored : { ...stored, strides };
}

/** Whether values follow each other without gaps; the stride of a single row is never used. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const side = shape[i] ?? 1;
    if (side === 0) return true;
    if (side > 1 && strides[i] !== step) return false;
    step *= side;
  }
  return true;
}

function argumentsOf(root: unknown): ReadonlyMap<string, string> {
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
