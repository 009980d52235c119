/**
 * Conversions between float32 and the two 16-bit formats, on the bit patterns: Float16Array is too young to rely
 * on. Formats: IEEE 754-2019 binary16 (1 sign, 5 exponent, 10 fraction bits), and bfloat16, which is the upper
 * half of a binary32.
 */

/** 65504, the largest finite float16, as float32 bits. */
const FLOAT16_MAX_BITS = 0x477f_e000;
/** 2^-14, the smallest normal float16, as float32 bits. */
const FLOAT16_MIN_NORMAL_BITS = 0x3880_0000;
/** From the exponent's bias in float16 (15) to that in float32 (127), in place. */
const REBIAS = (127 - 15) << 23;
/** One unit of a subnormal float16. */
const SUBNORMAL_UNIT = 2 ** -24;
/** A double between 2^52 and 2^53 has no fraction bits: adding this rounds to an integer, ties to even. */
const ROUND_TO_INTEGER = 2 ** 52;

/**
 * Writes the float32 value of every float16 pattern in `from` into `into`, from index `offset` on. Exact.
 * Throws a RangeError when `into` is too small.
 */
export function float16ToFloat32(from: Uint16Array, into: Float32Array, offset = 0): void {
  const bits = bitsOf(into, offset, from.length);
  for (let i = 0; i < from.length; i++) {
    const half = from[i] as number;
    const sign = (half & 0x8000) << 16;
    const exponent = half & 0x7c00;
    if (exponent === 0) {
      const magnitude = (half & 0x03ff) * SUBNORMAL_UNIT;
      into[offset + i] = sign === 0 ? magnitude : -magnitude;
    } else if (exponent === 0x7c00) {
      bits[i] = sign | 0x7f80_0000 | ((half & 0x03ff) << 13);
    } else {
      bits[i] = sign | (((half & 0x7fff) << 13) + REBIAS);
    }
  }
}

/**
 * Writes the float32 value of every bfloat16 pattern in `from` into `into`, from index `offset` on. Exact.
 * Throws a RangeError when `into` is too small.
 */
export function bfloat16ToFloat32(from: Uint16Array, into: Float32Array, offset = 0): void {
  const bits = bitsOf(into, offset, from.length);
  for (let i = 0; i < from.length; i++) bits[i] = (from[i] as number) << 16;
}

/**
 * Writes the float16 pattern nearest to every value in `from`, ties to even, into `into`, from index `offset` on.
 * Whatever lies beyond ±65504, infinities too, becomes ±65504; NaN stays NaN.
 * Throws a RangeError when `into` is too small.
 */
export function float32ToFloat16(from: Float32Array, into: Uint16Array, offset = 0): void {
  if (offset + from.length > into.length) throw new RangeError('the target is too small');
  const bits = bitsOf(from, 0, from.length);
  for (let i = 0; i < from.length; i++) {
    const single = bits[i] as number;
    const sign = (single >>> 16) & 0x8000;
    const magnitude = single & 0x7fff_ffff;
    let half: number;
    if (magnitude < FLOAT16_MIN_NORMAL_BITS) {
      const units = Math.abs(from[i] as number) / SUBNORMAL_UNIT;
      half = units + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
    } else if (magnitude < FLOAT16_MAX_BITS) {
      const odd = (magnitude >>> 13) & 1;
      half = (magnitude - REBIAS + 0x0fff + odd) >>> 13;
    } else {
      half = magnitude > 0x7f80_0000 ? 0x7e00 : 0x7bff;
    }
    into[offset + i] = sign | half;
  }
}

/** The same memory as unsigned 32-bit patterns. */
function bitsOf(floats: Float32Array, offset: number, length: number): Uint32Array {
  if (offset + length > floats.length) throw new RangeError('the target is too small');
  return new Uint32Array(floats.buffer, floats.byteOffset + 4 * offset, length);
}
