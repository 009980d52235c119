/** From a checkpoint tensor's values to the bytes that a graph expects of it. */
import { float32ToFloat16 } from '../../checkpoint/tensors/half-precision.ts';
import type { Columns, WeightType } from '../../graph/placement.ts';

/** int8 is used from -127 to 127, so that it is symmetric. */
const INT8_MAX = 127;

/**
 * Memory for one thing after another; each comes into the place of the one before. Many large arrays would pile up
 * faster than browsers collect them.
 * @returns a function that gives so many bytes, from the beginning of their buffer
 */
export function reusedMemory(): (bytes: number) => Uint8Array<ArrayBuffer> {
  let memory = new Uint8Array(0);
  return (bytes) => {
    if (memory.byteLength < bytes) memory = new Uint8Array(bytes);
    return memory.subarray(0, bytes);
  };
}

/**
 * A tensor in its own order.
 * @param into one value's size for each
 */
export function encodePlain(type: WeightType, values: Float32Array, into: Uint8Array<ArrayBuffer>): void {
  const { buffer, byteOffset } = into;
  if (type === 'float32') new Float32Array(buffer, byteOffset, values.length).set(values);
  else float32ToFloat16(values, new Uint16Array(buffer, byteOffset, values.length));
}

/**
 * A tensor [out, in] as columns of a matrix.
 * @param values used up, because narrower numbers are made in their memory
 * @param into the matrix [in, columns]
 */
export function encodeColumns(
  type: WeightType,
  values: Float32Array,
  { out, columns, first }: Columns,
  into: Uint8Array<ArrayBuffer>,
): void {
  const { buffer, byteOffset } = into;
  const inWidth = values.length / out;
  if (type === 'float32') {
    const matrix = new Float32Array(buffer, byteOffset, inWidth * columns);
    scatterColumns(values, matrix, out, inWidth, columns, first);
    return;
  }
  // Each lies before the value that it is made from, or in its place.
  const halves = new Uint16Array(values.buffer, values.byteOffset, values.length);
  float32ToFloat16(values, halves);
  const matrix = new Uint16Array(buffer, byteOffset, inWidth * columns);
  scatterColumns(halves, matrix, out, inWidth, columns, first);
}

/** Side of the squares in which a matrix is transposed, so that both sides of the copy stay in the cache. */
const BLOCK = 32;

function scatterColumns(
  from: Float32Array | Uint16Array | Int8Array,
  into: Float32Array | Uint16Array | Int8Array,
  out: number,
  inWidth: number,
  columns: number,
  first: number,
): void {
  for (let o = 0; o < out; o += BLOCK) {
    for (let i = 0; i < inWidth; i += BLOCK) {
      const lastO = Math.min(o + BLOCK, out);
      const lastI = Math.min(i + BLOCK, inWidth);
      for (let row = o; row < lastO; row++)
        for (let column = i; column < lastI; column++)
          into[column * columns + first + row] = from[row * inWidth + column] as number;
    }
  }
}

/**
 * The scales with which a tensor [out, in] is rounded to int8, one for each output: max |w| / 127.
 * @returns [out]
 */
export function int8Scales(values: Float32Array, out: number): Float32Array<ArrayBuffer> {
  const inWidth = values.length / out;
  const scales = new Float32Array(out);
  for (let row = 0; row < out; row++) {
    let largest = 0;
    for (let i = row * inWidth; i < (row + 1) * inWidth; i++)
      largest = Math.max(largest, Math.abs(values[i] as number));
    scales[row] = largest / INT8_MAX;
  }
  return scales;
}

/**
 * Symmetric rounding of a tensor [out, in] to int8: w ≈ scale · q.
 * @param values used up, as by `encodeColumns`
 * @param scales from `int8Scales`
 * @param into the matrix [in, columns]
 */
export function encodeInt8Columns(
  values: Float32Array,
  scales: Float32Array,
  { out, columns, first }: Columns,
  into: Uint8Array<ArrayBuffer>,
): void {
  const inWidth = values.length / out;
  const rounded = new Int8Array(values.buffer, values.byteOffset, values.length);
  for (let row = 0; row < out; row++) {
    const start = row * inWidth;
    const scale = scales[row] as number;
    if (scale === 0) {
      rounded.fill(0, start, start + inWidth);
      continue;
    }
    // As Math.round, which engines run several times slower where it gives -0.
    for (let i = start; i < start + inWidth; i++)
      rounded[i] = Math.floor((values[i] as number) / scale + 0.5);
  }
  const matrix = new Int8Array(into.buffer, into.byteOffset, inWidth * columns);
  scatterColumns(rounded, matrix, out, inWidth, columns, first);
}
