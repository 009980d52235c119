import { LensError } from '../../base/errors.ts';
import { type ByteSource, piecesOf } from '../bytes/bytes.ts';
import type { RunningCrc32 } from '../bytes/crc32.ts';
import { quote } from '../bytes/words.ts';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-precision.ts';
import { scatter, valueCount } from './strided.ts';

/** Bits per value of every type that a safetensors file can hold. */
export const BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** A type's name, as safetensors spells it. */
export type DType = keyof typeof BITS;

/**
 * A tensor as a file holds it: little-endian values in the bytes [start, end); row-major and without gaps, unless
 * there are strides.
 */
export interface StoredTensor {
  /** The name in the file. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
  /** Steps between neighbours along each axis, in values, from 0 on; the first value is at `start`. */
  readonly strides?: readonly number[];
  /** Of the bytes [start, end), where the file has one. */
  readonly checksum?: Checksum;
}

/** A CRC-32, and what computes one. */
export interface Checksum {
  readonly crc32: number;
  readonly begin: () => RunningCrc32;
}

/** What a file of weights holds, whichever its format. */
export interface TensorIndex {
  /** By the names in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

type Convert = (bytes: Uint8Array<ArrayBuffer>, into: Float32Array, offset: number) => void;

/** Typed arrays have the machine's byte order, which is little-endian wherever browsers run. */
const CONVERT: { readonly [type in DType]?: Convert } = {
  F32: (bytes, into, offset) => bytesOf(into).set(bytes, 4 * offset),
  F16: (bytes, into, offset) => float16ToFloat32(uint16Of(bytes), into, offset),
  BF16: (bytes, into, offset) => bfloat16ToFloat32(uint16Of(bytes), into, offset),
  F64: (bytes, into, offset) => into.set(float64Of(bytes), offset),
};

/** Throws `checkpoint-unsupported` unless the tensor's type is one that this page can read. */
export function refuseUnreadable(tensor: StoredTensor): void {
  conversionOf(tensor);
}

/** The size of a tensor's values as stored, without what lies between them, in bytes. */
export function storedBytes(tensor: StoredTensor): number {
  return (valueCount(tensor.shape) * BITS[tensor.dtype]) / 8;
}

/**
 * Reads an F32, F16, BF16 or F64 tensor as float32 into `into`, from index `offset` (in values) on, in pieces of at
 * most 4 MiB. What has 64 bits is rounded to the nearest float32, as PyTorch and NumPy round it.
 * Rejects with `checkpoint-unsupported` for any other type, with `checkpoint-malformed` when the bytes are not those
 * whose checksum the file has or a value is NaN or infinite, with what the source's `read` rejects with, and with a
 * RangeError when `into` is too small.
 */
export async function readFloat32(tensor: StoredTensor, into: Float32Array, offset = 0): Promise<void> {
  const reading = beginReading(tensor, into, offset);
  const { source } = tensor;
  for (const [start, end] of piecesOf(tensor.start, tensor.end))
    reading.take(source.readSync?.(start, end) ?? (await source.read(start, end)));
  reading.end();
}

/** `readFloat32` without waiting, for sources that can read so. Throws what it rejects with. */
export function readFloat32Sync(tensor: StoredTensor, into: Float32Array, offset = 0): void {
  const reading = beginReading(tensor, into, offset);
  const { source } = tensor;
  if (source.readSync === undefined) throw new TypeError(`${source.name} can only be read with waiting`);
  for (const [start, end] of piecesOf(tensor.start, tensor.end)) reading.take(source.readSync(start, end));
  reading.end();
}

interface Reading {
  /** Takes a tensor's bytes piece by piece, from front to back, to where its values belong. */
  take(piece: Uint8Array<ArrayBuffer>): void;
  /** Throws where what was taken cannot be right. */
  end(): void;
}

function beginReading(tensor: StoredTensor, into: Float32Array, offset: number): Reading {
  const convert = conversionOf(tensor);
  const { start, end, shape, strides } = tensor;
  const width = BITS[tensor.dtype] / 8;
  const count = strides === undefined ? (end - start) / width : valueCount(shape);
  if (offset + count > into.length) {
    throw new RangeError(`no room for "${tensor.name}" at index ${offset} of ${into.length}`);
  }
  const { checksum } = tensor;
  const crc32 = checksum?.begin();
  let at = 0;
  let finite = true;
  return {
    take(piece) {
      crc32?.take(piece);
      const length = piece.byteLength / width;
      if (strides === undefined) {
        convert(piece, into, offset + at);
        finite &&= allFinite(into, offset + at, offset + at + length);
      } else {
        const values = new Float32Array(length);
        convert(piece, values, 0);
        finite &&= allFinite(values, 0, length);
        scatter(values, at, shape, strides, into, offset);
      }
      at += length;
    },
    end() {
      const names = { tensor: quote(tensor.name), file: tensor.source.name };
      if (crc32?.value() !== checksum?.crc32) throw new LensError('checkpoint-malformed/tensor-crc', names);
      if (!finite) throw new LensError('checkpoint-malformed/not-finite', names);
    },
  };
}

/** Whether no value is NaN or infinite: times 0 they are NaN, and a sum keeps that. Four sums do not wait for each other. */
function allFinite(values: Float32Array, from: number, to: number): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = from;
  for (; i + 4 <= to; i += 4) {
    a += (values[i] as number) * 0;
    b += (values[i + 1] as number) * 0;
    c += (values[i + 2] as number) * 0;
    d += (values[i + 3] as number) * 0;
  }
  for (; i < to; i++) a += (values[i] as number) * 0;
  return a + b + c + d === 0;
}

function conversionOf({ name, dtype, source }: StoredTensor): Convert {
  const convert = CONVERT[dtype];
  if (convert !== undefined) return convert;
  throw new LensError('checkpoint-unsupported/dtype', { tensor: quote(name), file: source.name, dtype });
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

function uint16Of(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 2);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

function float64Of(bytes: Uint8Array<ArrayBuffer>): Float64Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 8);
  return new Float64Array(buffer, byteOffset, byteLength / 8);
}

/** A file may start a tensor at any byte, and a typed array cannot. */
function aligned(bytes: Uint8Array<ArrayBuffer>, to: number): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % to === 0 ? bytes : bytes.slice();
}
