import { LensError } from '../../base/errors.ts';
import { type ByteSource, piecesOf } from '../bytes/bytes.ts';
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
 * Reads an F32, F16 or BF16 tensor as float32 into `into`, from index `offset` (in values) on, in pieces of at
 * most 4 MiB.
 * Rejects with `checkpoint-unsupported` for any other type, with what the source's `read` rejects with, and with
 * a RangeError when `into` is too small.
 */
export async function readFloat32(tensor: StoredTensor, into: Float32Array, offset = 0): Promise<void> {
  const takePiece = pieceTaker(tensor, into, offset);
  const { source } = tensor;
  for (const [start, end] of piecesOf(tensor.start, tensor.end))
    takePiece(source.readSync?.(start, end) ?? (await source.read(start, end)));
}

/** `readFloat32` without waiting, for sources that can read so. Throws what it rejects with. */
export function readFloat32Sync(tensor: StoredTensor, into: Float32Array, offset = 0): void {
  const takePiece = pieceTaker(tensor, into, offset);
  const { source } = tensor;
  if (source.readSync === undefined) throw new TypeError(`${source.name} can only be read with waiting`);
  for (const [start, end] of piecesOf(tensor.start, tensor.end)) takePiece(source.readSync(start, end));
}

/** Takes a tensor's bytes piece by piece, from front to back, to where its values belong. */
function pieceTaker(
  tensor: StoredTensor,
  into: Float32Array,
  offset: number,
): (piece: Uint8Array<ArrayBuffer>) => void {
  const convert = conversionOf(tensor);
  const { start, end, shape, strides } = tensor;
  const width = BITS[tensor.dtype] / 8;
  const count = strides === undefined ? (end - start) / width : valueCount(shape);
  if (offset + count > into.length) {
    throw new RangeError(`no room for "${tensor.name}" at index ${offset} of ${into.length}`);
  }
  let at = 0;
  return (piece) => {
    const length = piece.byteLength / width;
    if (strides === undefined) {
      convert(piece, into, offset + at);
    } else {
      const values = new Float32Array(length);
      convert(piece, values, 0);
      scatter(values, at, shape, strides, into, offset);
    }
    at += length;
  };
}

function conversionOf({ name, dtype, source }: StoredTensor): Convert {
  const convert = CONVERT[dtype];
  if (convert !== undefined) return convert;
  throw new LensError('checkpoint-unsupported/dtype', { tensor: quote(name), file: source.name, dtype });
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

/** A file may start a tensor at an odd byte, and a typed array cannot. */
function uint16Of(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
