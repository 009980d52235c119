/**
 * HDF5 as Keras 2 writes weights (tf_model.h5): which dataset lies where, from the groups, read range by range.
 * Format: the HDF5 File Format Specification 3.0, of which h5py by itself uses the oldest parts: superblock 0, groups of
 * a version 1 B-tree with symbol nodes and a local heap, version 1 object headers, contiguous datasets. Attributes are
 * not read: the groups say the same as they do. Everything else is refused by its name.
 */
import type { Hdf5Record } from '../../locales/values.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { type Refuse, refusalOf } from '../bytes/refusal.ts';
import { latin1 } from '../bytes/sniff.ts';
import { quote } from '../bytes/words.ts';
import { WEIGHT_FORMATS } from '../file-names.ts';
import { valueCount } from '../tensors/strided.ts';
import { BITS, type DType, type StoredTensor, type TensorIndex } from '../tensors/tensors.ts';
import type { FileFormat } from './format.ts';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
/** Sizes of the records' fixed parts, in bytes. */
const SUPERBLOCK_BYTES = 96;
const ENTRY_BYTES = 40;
const TREE_BYTES = 24;
const NODE_BYTES = 8;
const HEAP_BYTES = 32;
const HEADER_BYTES = 16;
const MESSAGE_BYTES = 8;

/** Offsets and lengths of 8 bytes, as every writer of today has them. */
const WIDTH = 8;
/** "Nowhere", as an address. */
const UNDEFINED = 0xffff_ffff_ffff_ffffn;

const MESSAGE = {
  dataspace: 0x01,
  datatype: 0x03,
  external: 0x07,
  layout: 0x08,
  filters: 0x0b,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;
/** A message that stands elsewhere in the file. */
const SHARED = 1 << 1;
const LAYOUT = { compact: 0, contiguous: 1, chunked: 2 } as const;
const SOFT_LINK = 2;

/** Records that are read. A large model has some thousand groups, of four records each. */
const MAX_RECORDS = 200_000;
const MAX_DEPTH = 32;
const MAX_AXES = 32;
const MAX_NAME_BYTES = 1024;
/** Records lie close together: a block has the next ones too. */
const BLOCK_BYTES = 8192;
const MOST_BLOCKS = 256;

/** How Keras 3 names what a layer holds, in a layout of its own: `layers/dense/vars/0`. */
const KERAS_3 = /(?:^|\/)vars\/\d+$/;

export const hdf5: FileFormat = {
  name: 'HDF5',
  ...WEIGHT_FORMATS.hdf5,
  sniff: ({ text }) => (text.startsWith(SIGNATURE) ? 'certain' : null),
  read: readHdf5,
};

/**
 * The datasets of an HDF5 file by their paths, "vit/vit/layernorm/beta:0"; their values are not read, and neither are
 * datasets of texts and other things that no tensor is.
 * Rejects with `checkpoint-malformed` when the file is cut off or its records are not sound, and with
 * `checkpoint-unsupported` for other versions of the format, chunked, compressed or big-endian datasets, and the layout
 * of Keras 3.
 */
export async function readHdf5(source: ByteSource): Promise<TensorIndex> {
  const refuse = refusalOf(source.name);
  const records = new Records(source, refuse);
  const root = await readSuperblock(source, records, refuse);
  const tensors = new Map<string, StoredTensor>();
  const seen = new Set<number>();
  const waiting = [{ path: '', depth: 0, address: root }];
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const { path, depth, address } = object;
    const messages = await readHeader(address, records, refuse);
    const table = messages.find(({ type }) => type === MESSAGE.symbolTable);
    if (table === undefined) {
      const tensor = placeDataset(path, messages, source, refuse);
      if (tensor !== undefined) tensors.set(path, tensor);
      continue;
    }
    // A group that is its own ancestor would have no end.
    if (depth > MAX_DEPTH || seen.has(address)) throw refuse('checkpoint-malformed/hdf5-endless');
    seen.add(address);
    for (const { name, address: member } of await readGroup(table, records, refuse)) {
      waiting.push({ path: path === '' ? name : `${path}/${name}`, depth: depth + 1, address: member });
    }
  }
  if ([...tensors.keys()].some((path) => KERAS_3.test(path))) {
    throw refuse('checkpoint-unsupported/keras-weights');
  }
  refuseOverlaps([...tensors.values()], refuse);
  return { tensors, metadata: new Map() };
}

/** Ranges of the file as views, through a small cache of blocks. Counts what is read, so that there is an end. */
class Records {
  readonly #source: ByteSource;
  readonly #refuse: Refuse;
  readonly #blocks = new Map<number, Uint8Array>();
  #count = 0;

  constructor(source: ByteSource, refuse: Refuse) {
    this.#source = source;
    this.#refuse = refuse;
  }

  /** @throws LensError where the range does not lie in the file */
  async view(address: number, length: number): Promise<DataView> {
    this.#count += 1;
    if (this.#count > MAX_RECORDS) throw this.#refuse('checkpoint-malformed/hdf5-endless');
    if (address + length > this.#source.size) {
      throw this.#refuse('checkpoint-malformed/hdf5-outside', { at: address });
    }
    const first = address - (address % BLOCK_BYTES);
    if (address + length > first + BLOCK_BYTES) {
      return viewOf(await this.#source.read(address, address + length));
    }
    const block = this.#blocks.get(first) ?? (await this.#load(first));
    return viewOf(block.subarray(address - first, address - first + length));
  }

  async #load(first: number): Promise<Uint8Array> {
    const block = await this.#source.read(first, Math.min(first + BLOCK_BYTES, this.#source.size));
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size < MOST_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    this.#blocks.set(first, block);
    return block;
  }
}

/** The address of the root group's object header. */
async function readSuperblock(source: ByteSource, records: Records, refuse: Refuse): Promise<number> {
  if (source.size < SUPERBLOCK_BYTES) {
    throw refuse('checkpoint-malformed/hdf5-cut', { missing: SUPERBLOCK_BYTES - source.size });
  }
  const block = await records.view(0, SUPERBLOCK_BYTES);
  const version = block.getUint8(8);
  if (version !== 0) throw refuse('checkpoint-unsupported/hdf5-version', { version });
  const [offsets, lengths] = [block.getUint8(13), block.getUint8(14)];
  const base = block.getBigUint64(24, true);
  if (offsets !== WIDTH || lengths !== WIDTH || base !== 0n) {
    throw refuse('checkpoint-unsupported/hdf5-version', { version });
  }
  const end = addressAt(block, 40, refuse);
  if (end > source.size) throw refuse('checkpoint-malformed/hdf5-cut', { missing: end - source.size });
  return addressAt(block, 64, refuse);
}

interface Message {
  readonly type: number;
  readonly shared: boolean;
  readonly data: DataView;
  /** Where the data stand in the file. */
  readonly at: number;
}

/** The messages of an object header, those in its continuations included. */
async function readHeader(address: number, records: Records, refuse: Refuse): Promise<readonly Message[]> {
  const prefix = await records.view(address, HEADER_BYTES);
  if (latin1Of(prefix, 0, 4) === 'OHDR') {
    throw refuse('checkpoint-unsupported/hdf5-version', { version: prefix.getUint8(4) });
  }
  if (prefix.getUint8(0) !== 1) throw unsound('header', address, refuse);
  const count = prefix.getUint16(2, true);
  const messages: Message[] = [];
  const blocks = [{ at: address + HEADER_BYTES, length: prefix.getUint32(8, true) }];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const view = await records.view(block.at, block.length);
    for (let at = 0; messages.length < count && at + MESSAGE_BYTES <= block.length; ) {
      const length = view.getUint16(at + 2, true);
      const start = at + MESSAGE_BYTES;
      if (start + length > block.length) throw unsound('header', block.at + at, refuse);
      const data = new DataView(view.buffer, view.byteOffset + start, length);
      const type = view.getUint16(at, true);
      messages.push({ type, shared: (view.getUint8(at + 4) & SHARED) !== 0, data, at: block.at + start });
      if (type === MESSAGE.continuation) {
        if (length < 2 * WIDTH) throw unsound('header', block.at + at, refuse);
        blocks.push({ at: addressAt(data, 0, refuse), length: addressAt(data, WIDTH, refuse) });
      }
      at = start + length;
    }
  }
  return messages;
}

interface Member {
  readonly name: string;
  readonly address: number;
}

/** The members of a group; links by name are left out. */
async function readGroup(table: Message, records: Records, refuse: Refuse): Promise<readonly Member[]> {
  if (table.data.byteLength < 2 * WIDTH) throw unsound('header', table.at, refuse);
  const heapAddress = addressAt(table.data, WIDTH, refuse);
  const heap = await records.view(heapAddress, HEAP_BYTES);
  if (latin1Of(heap, 0, 4) !== 'HEAP') throw unsound('heap', heapAddress, refuse);
  const names = { start: addressAt(heap, 24, refuse), size: addressAt(heap, 8, refuse) };
  const members: Member[] = [];
  const waiting = [addressAt(table.data, 0, refuse)];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    const start = await records.view(address, NODE_BYTES);
    const signature = latin1Of(start, 0, 4);
    if (signature === 'TREE') {
      // Nodes of the tree: key, child, key, child …, key.
      if (start.getUint8(4) !== 0) throw unsound('tree', address, refuse);
      const used = start.getUint16(6, true);
      const children = await records.view(address + TREE_BYTES, used * 2 * WIDTH);
      for (let i = used - 1; i >= 0; i--) waiting.push(addressAt(children, (2 * i + 1) * WIDTH, refuse));
    } else if (signature === 'SNOD') {
      const used = start.getUint16(6, true);
      const entries = await records.view(address + NODE_BYTES, used * ENTRY_BYTES);
      for (let i = 0; i < used; i++) {
        const at = i * ENTRY_BYTES;
        if (entries.getUint32(at + 16, true) === SOFT_LINK) continue;
        const name = await readHeapName(names, addressAt(entries, at, refuse), records, refuse);
        members.push({ name, address: addressAt(entries, at + WIDTH, refuse) });
      }
    } else {
      throw unsound('tree', address, refuse);
    }
  }
  return members;
}

async function readHeapName(
  names: { readonly start: number; readonly size: number },
  offset: number,
  records: Records,
  refuse: Refuse,
): Promise<string> {
  const start = names.start + offset;
  const length = Math.min(names.size - offset, MAX_NAME_BYTES);
  if (length <= 0) throw unsound('heap', names.start, refuse);
  const view = await records.view(start, length);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, length);
  const end = bytes.indexOf(0);
  if (end <= 0) throw unsound('heap', start, refuse);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, end));
}

/** Undefined for what is no tensor: texts, and objects that are no dataset. */
function placeDataset(
  path: string,
  messages: readonly Message[],
  source: ByteSource,
  refuse: Refuse,
): StoredTensor | undefined {
  const find = (wanted: number) => messages.find(({ type }) => type === wanted);
  const [space, type, layout] = [MESSAGE.dataspace, MESSAGE.datatype, MESSAGE.layout].map(find);
  const dataset = { dataset: quote(path) };
  if (space === undefined || type === undefined || layout === undefined) return undefined;
  if (space.shared || type.shared || find(MESSAGE.external) !== undefined) {
    throw refuse('checkpoint-unsupported/hdf5-elsewhere', dataset);
  }
  const dtype = dtypeOf(type.data, () => refuse('checkpoint-unsupported/hdf5-byte-order', dataset));
  if (dtype === undefined) return undefined;
  if (find(MESSAGE.filters) !== undefined) throw refuse('checkpoint-unsupported/hdf5-compressed', dataset);
  const shape = shapeOf(space.data);
  const bytes = shape === undefined ? Number.NaN : (valueCount(shape) * BITS[dtype]) / 8;
  if (shape === undefined || !Number.isSafeInteger(bytes)) {
    throw refuse('checkpoint-malformed/hdf5-dataset', dataset);
  }
  const start = startOf(layout, bytes, () => refuse('checkpoint-unsupported/hdf5-chunked', dataset));
  if (start === undefined || start + bytes > source.size) {
    throw refuse('checkpoint-malformed/hdf5-dataset', dataset);
  }
  return { name: path, dtype, shape, source, start, end: start + bytes };
}

/** Undefined for what has no type that a tensor can have. */
function dtypeOf(type: DataView, bigEndian: () => Error): DType | undefined {
  if (type.byteLength < 12) return undefined;
  const kind = type.getUint8(0) & 0x0f;
  const flags = type.getUint8(1);
  const bits = 8 * type.getUint32(4, true);
  // Bits that the number takes, and the first of them: all, from 0 on.
  if (kind > 1 || type.getUint16(8, true) !== 0 || type.getUint16(10, true) !== bits) return undefined;
  const dtype = kind === 1 ? floatOf(type, bits) : INTEGERS.get((flags & 8) !== 0 ? bits : -bits);
  if (dtype !== undefined && bits > 8 && (flags & 1) !== 0) throw bigEndian();
  return dtype;
}

/** Signed ones by their bits, unsigned ones by these below zero. */
const INTEGERS: ReadonlyMap<number, DType> = new Map([
  [8, 'I8'],
  [16, 'I16'],
  [32, 'I32'],
  [64, 'I64'],
  [-8, 'U8'],
  [-16, 'U16'],
  [-32, 'U32'],
  [-64, 'U64'],
]);

/** By bits of the whole, of the exponent and of the fraction. */
const FLOATS: ReadonlyMap<string, DType> = new Map([
  ['16 5 10', 'F16'],
  ['16 8 7', 'BF16'],
  ['32 8 23', 'F32'],
  ['64 11 52', 'F64'],
]);

function floatOf(type: DataView, bits: number): DType | undefined {
  if (type.byteLength < 20) return undefined;
  return FLOATS.get(`${bits} ${type.getUint8(13)} ${type.getUint8(15)}`);
}

function shapeOf(space: DataView): readonly number[] | undefined {
  const [version, axes] = [space.getUint8(0), space.getUint8(1)];
  const start = version === 1 ? 8 : 4;
  if (version < 1 || version > 2 || axes > MAX_AXES || start + axes * WIDTH > space.byteLength)
    return undefined;
  return Array.from({ length: axes }, (_, axis) => Number(space.getBigUint64(start + axis * WIDTH, true)));
}

/** Where a dataset's values begin in the file; undefined where its place is not sound. */
function startOf({ data, at }: Message, bytes: number, chunked: () => Error): number | undefined {
  if (data.byteLength < 4) return undefined;
  const [version, kind] = [data.getUint8(0), data.getUint8(1)];
  // Later versions have other kinds of chunks; earlier ones no library has written for twenty years.
  if (version !== 3 || kind === LAYOUT.chunked) throw chunked();
  if (kind === LAYOUT.compact)
    return data.getUint16(2, true) === bytes && bytes + 4 <= data.byteLength ? at + 4 : undefined;
  if (kind !== LAYOUT.contiguous || data.byteLength < 2 + 2 * WIDTH) return undefined;
  const [address, size] = [data.getBigUint64(2, true), data.getBigUint64(2 + WIDTH, true)];
  if (bytes === 0) return 0;
  return address === UNDEFINED || size !== BigInt(bytes) ? undefined : Number(address);
}

/** Two datasets in one place would be two readings of the same bytes. */
function refuseOverlaps(tensors: readonly StoredTensor[], refuse: Refuse): void {
  const ordered = tensors.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  ordered.forEach(({ name, end }, i) => {
    const next = ordered[i + 1];
    if (next !== undefined && next.start < end) {
      throw refuse('checkpoint-malformed/hdf5-overlap', { one: quote(name), other: quote(next.name) });
    }
  });
}

/** An address or a length. */
function addressAt(view: DataView, at: number, refuse: Refuse): number {
  const address = view.getBigUint64(at, true);
  if (address <= Number.MAX_SAFE_INTEGER) return Number(address);
  throw refuse('checkpoint-malformed/hdf5-outside', { at: String(address) });
}

function unsound(record: Hdf5Record, at: number, refuse: Refuse): Error {
  return refuse('checkpoint-malformed/hdf5-record', { record, at });
}

function latin1Of(view: DataView, start: number, length: number): string {
  return latin1(new Uint8Array(view.buffer, view.byteOffset + start, length));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
