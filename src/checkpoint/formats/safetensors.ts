/**
 * The header of a safetensors file: 8 bytes of length, then JSON, then the tensors' bytes without gaps.
 * Format: https://github.com/huggingface/safetensors#format. Refused is what the reference implementation
 * refuses (but a whole number may be written as 4.0), and beyond that names that occur twice and fields that the
 * format does not have.
 */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { brief, bytesInWords, moreBytes, quote, sides } from '../bytes/words.ts';
import { BITS, type DType, type StoredTensor, type TensorIndex } from '../tensors/tensors.ts';

/** The reference implementation's limit, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const FIELDS = ['dtype', 'shape', 'data_offsets'];
/** A folder cloned without Git LFS holds a few lines that begin so, in place of the weights. */
const LFS_POINTER = 'version https://git-lfs';

/** Header, tensor, shape. */
const MAX_DEPTH = 3;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, QUOTE, BACKSLASH] = [
  0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c,
];

/** The error that says what is wrong with the file. */
type Refuse = (what: string) => LensError;

/**
 * Reads and checks the header of a safetensors file; the tensors' own bytes are not read.
 * Rejects with `checkpoint-malformed` when anything in it is not as the format says.
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<TensorIndex> {
  const refuse: Refuse = (what) =>
    new LensError(
      'checkpoint-malformed',
      `${source.name} is not a sound safetensors file: ${what}. Download or copy the file again.`,
    );

  const dataStart = await findData(source, refuse);
  const text = decode(await source.read(LENGTH_BYTES, dataStart), refuse);
  refuseHidden(text, refuse);
  const header = parse(text, refuse);

  const tensors = new Map<string, StoredTensor>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(value, refuse);
    else tensors.set(name, readEntry(name, value, source, dataStart, refuse));
  }
  refuseGaps(tensors, dataStart, source.size, refuse);
  return { tensors, metadata };
}

/** The position behind the header, which lies inside the file: nothing is allocated for a mere claim. */
async function findData(source: ByteSource, refuse: Refuse): Promise<number> {
  if (source.size < LENGTH_BYTES) {
    throw refuse(
      `it has ${bytesInWords(source.size)}, and the length of its header alone takes ${LENGTH_BYTES}`,
    );
  }
  const start = await source.read(0, Math.min(source.size, LFS_POINTER.length));
  if (new TextDecoder('latin1').decode(start) === LFS_POINTER) {
    throw refuse('it is a Git LFS pointer that stands for the real file, which "git lfs pull" fetches');
  }
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw refuse(
      `its header claims ${length} bytes, and ${MAX_HEADER_BYTES} is the most that the format allows`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > source.size) {
    throw refuse(`it ends inside its header: expected ${moreBytes(dataStart - source.size)}`);
  }
  return dataStart;
}

function decode(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('its header is not UTF-8 text');
  }
}

function parse(text: string, refuse: Refuse): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw refuse('its header is not JSON');
  }
  if (!isObject(header)) throw refuse('its header is not a JSON object');
  return header;
}

/**
 * What JSON.parse does not say: it keeps the last of several equal names and hides the others, and it takes very
 * long over deep nesting. Only the two outer levels can have names. Works on any text; what is not JSON is left
 * for JSON.parse to refuse.
 */
function refuseHidden(text: string, refuse: Refuse): void {
  const outer = new Set<string>();
  let inner = new Set<string>();
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      depth++;
      if (depth === 2) inner = new Set();
      if (depth > MAX_DEPTH) throw refuse('its header is nested deeper than the format is');
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth--;
    } else if (char === QUOTE) {
      const end = endOfString(text, i);
      if (depth <= 2 && isFollowedByColon(text, end)) {
        const name = unescaped(text.slice(i + 1, end - 1));
        const names = depth === 1 ? outer : inner;
        if (names.has(name)) throw refuse(`the name ${quote(name)} occurs twice in its header`);
        names.add(name);
      }
      i = end - 1;
    }
  }
}

/** The position behind the string that starts at `start`, or behind the text where the string does not end. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) return i + 1;
    if (char === BACKSLASH) i++;
  }
  return text.length;
}

function isFollowedByColon(text: string, from: number): boolean {
  let i = from;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return text[i] === ':';
}

function unescaped(inside: string): string {
  if (!inside.includes('\\')) return inside;
  try {
    return JSON.parse(`"${inside}"`);
  } catch {
    return inside;
  }
}

function readMetadata(value: unknown, refuse: Refuse): ReadonlyMap<string, string> {
  if (!isObject(value)) throw refuse(`its __metadata__ is ${brief(value)}, not an object of strings`);
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      throw refuse(`${quote(key)} in its __metadata__ is ${brief(text)}, not a string`);
    }
    metadata.set(key, text);
  }
  return metadata;
}

function readEntry(
  name: string,
  value: unknown,
  source: ByteSource,
  dataStart: number,
  refuse: Refuse,
): StoredTensor {
  const refuseEntry: Refuse = (what) => refuse(`tensor ${quote(name)} ${what}`);
  if (!isObject(value)) throw refuseEntry(`is described by ${brief(value)}, not by an object`);
  for (const field of FIELDS) if (!Object.hasOwn(value, field)) throw refuseEntry(`has no ${field}`);
  for (const field of Object.keys(value)) {
    if (!FIELDS.includes(field)) throw refuseEntry(`has an unknown field ${quote(field)}`);
  }

  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDType(dtype)) throw refuseEntry(`has the unknown type ${brief(dtype)}`);
  if (!isSizes(shape)) throw refuseEntry('has a shape that is not a list of whole numbers from 0 on');
  if (!isSizes(offsets)) throw refuseEntry('has data_offsets that are not a list of whole numbers from 0 on');
  const [start, end] = offsets;
  if (start === undefined || end === undefined || offsets.length !== 2) {
    throw refuseEntry(`has ${offsets.length} data_offsets instead of 2`);
  }
  if (end < start) throw refuseEntry(`ends (${end}) before it starts (${start})`);

  let bits: number = BITS[dtype];
  for (const side of shape) {
    bits *= side;
    if (!Number.isSafeInteger(bits)) throw refuseEntry(`has a shape too large to exist: ${sides(shape)}`);
  }
  if (bits % 8 !== 0) throw refuseEntry(`does not fill whole bytes: ${dtype} ${sides(shape)}`);
  if (end - start !== bits / 8) {
    throw refuseEntry(`has ${bytesInWords(end - start)}, and ${dtype} ${sides(shape)} takes ${bits / 8}`);
  }
  return { name, dtype, shape, source, start: dataStart + start, end: dataStart + end };
}

/** Tensors must cover the rest of the file exactly, in whatever order. */
function refuseGaps(
  tensors: ReadonlyMap<string, StoredTensor>,
  dataStart: number,
  size: number,
  refuse: Refuse,
): void {
  const ordered = [...tensors.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  let end = dataStart;
  let before = '';
  for (const { name, start, end: nextEnd } of ordered) {
    if (start < end)
      throw refuse(`tensors ${quote(before)} and ${quote(name)} overlap by ${bytesInWords(end - start)}`);
    if (start > end)
      throw refuse(`no tensor has the ${bytesInWords(start - end)} before tensor ${quote(name)}`);
    end = nextEnd;
    before = name;
  }
  if (end > size) throw refuse(`it ends too early: expected ${moreBytes(end - size)}`);
  if (end < size) throw refuse(`no tensor has the last ${bytesInWords(size - end)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(BITS, value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
