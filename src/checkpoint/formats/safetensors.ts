/**
 * The header of a safetensors file: 8 bytes of length, then JSON, then the tensors' bytes without gaps.
 * Format: https://github.com/huggingface/safetensors#format. Refused is what the reference implementation
 * refuses (but a whole number may be written as 4.0), and beyond that names that occur twice and fields that the
 * format does not have.
 */
import type { ByteSource } from '../bytes/bytes.ts';
import { type Refuse, refusalOf } from '../bytes/refusal.ts';
import { brief, quote, sides } from '../bytes/words.ts';
import { WEIGHT_FORMATS } from '../file-names.ts';
import { BITS, type DType, type StoredTensor, type TensorIndex } from '../tensors/tensors.ts';
import type { FileFormat } from './format.ts';

/** The reference implementation's limit, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const FIELDS = ['dtype', 'shape', 'data_offsets'];

/** Header, tensor, shape. */
const MAX_DEPTH = 3;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, QUOTE, BACKSLASH] = [
  0x7b, 0x7d, 0x5b, 0x5d, 0x22, 0x5c,
];

export const safetensors: FileFormat = {
  name: 'safetensors',
  ...WEIGHT_FORMATS.safetensors,
  sniff({ name, text }) {
    if (text[LENGTH_BYTES] !== '{') return name.endsWith('.safetensors') ? 'likely' : null;
    // The length is little-endian. What has other bytes there may be a damaged file, or another format.
    return text.slice(4, LENGTH_BYTES) === '\0\0\0\0' ? 'certain' : 'likely';
  },
  read: readSafetensorsHeader,
};

/**
 * Reads and checks the header of a safetensors file; the tensors' own bytes are not read.
 * Rejects with `checkpoint-malformed` when anything in it is not as the format says.
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<TensorIndex> {
  const refuse = refusalOf(source.name);
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
    throw refuse('checkpoint-malformed/safetensors-too-short', { bytes: source.size, least: LENGTH_BYTES });
  }
  const start = await source.read(0, LENGTH_BYTES);
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw refuse('checkpoint-malformed/safetensors-header-too-long', {
      claimed: String(length),
      most: MAX_HEADER_BYTES,
    });
  }
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > source.size) {
    throw refuse('checkpoint-malformed/safetensors-header-cut', { missing: dataStart - source.size });
  }
  return dataStart;
}

function decode(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('checkpoint-malformed/safetensors-header-not-utf8');
  }
}

function parse(text: string, refuse: Refuse): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw refuse('checkpoint-malformed/safetensors-header-not-json');
  }
  if (!isObject(header)) throw refuse('checkpoint-malformed/safetensors-header-not-object');
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
      if (depth > MAX_DEPTH) throw refuse('checkpoint-malformed/safetensors-header-too-deep');
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth--;
    } else if (char === QUOTE) {
      const end = endOfString(text, i);
      if (depth <= 2 && isFollowedByColon(text, end)) {
        const name = unescaped(text.slice(i + 1, end - 1));
        const names = depth === 1 ? outer : inner;
        if (names.has(name))
          throw refuse('checkpoint-malformed/safetensors-name-twice', { name: quote(name) });
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
  if (!isObject(value)) throw refuse('checkpoint-malformed/safetensors-metadata', { value: brief(value) });
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      throw refuse('checkpoint-malformed/safetensors-metadata-value', {
        name: quote(key),
        value: brief(text),
      });
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
  const tensor = quote(name);
  if (!isObject(value))
    throw refuse('checkpoint-malformed/safetensors-tensor', { tensor, value: brief(value) });
  for (const field of FIELDS) {
    if (!Object.hasOwn(value, field))
      throw refuse('checkpoint-malformed/safetensors-field-missing', { tensor, field });
  }
  for (const field of Object.keys(value)) {
    if (!FIELDS.includes(field))
      throw refuse('checkpoint-malformed/safetensors-field-unknown', { tensor, field: quote(field) });
  }

  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDType(dtype)) throw refuse('checkpoint-malformed/safetensors-type', { tensor, value: brief(dtype) });
  if (!isSizes(shape)) throw refuse('checkpoint-malformed/safetensors-shape', { tensor });
  if (!isSizes(offsets)) throw refuse('checkpoint-malformed/safetensors-offsets', { tensor });
  const [start, end] = offsets;
  if (start === undefined || end === undefined || offsets.length !== 2) {
    throw refuse('checkpoint-malformed/safetensors-offset-count', { tensor, count: offsets.length });
  }
  if (end < start) throw refuse('checkpoint-malformed/safetensors-reversed', { tensor, start, end });

  let bits: number = BITS[dtype];
  for (const side of shape) {
    bits *= side;
    if (!Number.isSafeInteger(bits))
      throw refuse('checkpoint-malformed/safetensors-too-large', { tensor, shape: sides(shape) });
  }
  if (bits % 8 !== 0)
    throw refuse('checkpoint-malformed/safetensors-half-bytes', { tensor, dtype, shape: sides(shape) });
  if (end - start !== bits / 8) {
    throw refuse('checkpoint-malformed/safetensors-size', {
      tensor,
      dtype,
      shape: sides(shape),
      bytes: end - start,
      expected: bits / 8,
    });
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
      throw refuse('checkpoint-malformed/safetensors-overlap', {
        one: quote(before),
        other: quote(name),
        bytes: end - start,
      });
    if (start > end)
      throw refuse('checkpoint-malformed/safetensors-gap', { tensor: quote(name), bytes: start - end });
    end = nextEnd;
    before = name;
  }
  if (end > size) throw refuse('checkpoint-malformed/safetensors-data-cut', { missing: end - size });
  if (end < size) throw refuse('checkpoint-malformed/safetensors-gap-at-end', { bytes: size - end });
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
