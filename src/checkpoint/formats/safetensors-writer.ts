/** Writes safetensors, tensor by tensor: the inverse of `readSafetensorsHeader`. */
import { float32ToFloat16 } from '../tensors/half-precision.ts';
import { valueCount } from '../tensors/strided.ts';

/** What values are written as. */
export type WrittenType = 'float32' | 'float16';

export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

const TYPES = {
  float32: { dtype: 'F32', bytes: 4 },
  float16: { dtype: 'F16', bytes: 2 },
} as const;

/** The reference aligns the first tensor to this many bytes. */
const ALIGNMENT = 8;

/**
 * The file in pieces, in order: the header, then each tensor. A piece is good until the next one is asked for.
 * @param read gives a tensor's values
 */
export async function* safetensorsPieces(
  tensors: readonly WrittenTensor[],
  type: WrittenType,
  read: (name: string, into: Float32Array<ArrayBuffer>) => Promise<void>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { dtype, bytes } = TYPES[type];
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const { name, shape } of tensors) {
    const start = end;
    end += valueCount(shape) * bytes;
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  yield withLength(new TextEncoder().encode(JSON.stringify(header)));
  for (const { name, shape } of tensors) {
    const values = new Float32Array(valueCount(shape));
    await read(name, values);
    if (type === 'float32') yield new Uint8Array(values.buffer);
    else {
      const halves = new Uint16Array(values.length);
      float32ToFloat16(values, halves);
      yield new Uint8Array(halves.buffer);
    }
  }
}

/** The header after its own length, filled up with spaces. */
function withLength(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = Math.ceil(text.byteLength / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}
