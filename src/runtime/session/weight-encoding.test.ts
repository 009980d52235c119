import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float16ToFloat32 } from '../../checkpoint/tensors/half-precision.ts';
import { encodeColumns, encodeInt8Columns, encodePlain, int8Scales } from './weight-encoding.ts';

const OUT = 3;
const IN = 5;
/** [out, in], as PyTorch stores it; every value is exact in float16. */
const values = Float32Array.from({ length: OUT * IN }, (_, i) => (i - 7) / 8);
const transposed = Float32Array.from({ length: OUT * IN }, (_, i) => {
  const [input, output] = [Math.floor(i / OUT), i % OUT];
  return values[output * IN + input] as number;
});

test('a plain tensor keeps its order, in either type', () => {
  const file = new Uint8Array(256);
  encodePlain('float32', values, file.subarray(64));
  expect(new Float32Array(file.buffer, 64, values.length)).toEqual(values);
  encodePlain('float16', values, file.subarray(128));
  const read = new Float32Array(values.length);
  float16ToFloat32(new Uint16Array(file.buffer, 128, values.length), read);
  expect(read).toEqual(values);
});

describe('columns', () => {
  test.each(['float32', 'float16'] as const)('are the transposed tensor, in %s', (type) => {
    const file = new Uint8Array(128);
    encodeColumns(type, values.slice(), { out: OUT, columns: OUT, first: 0 }, file.subarray(64));
    let read = new Float32Array(file.buffer, 64, values.length);
    if (type === 'float16') {
      read = new Float32Array(values.length);
      float16ToFloat32(new Uint16Array(file.buffer, 64, values.length), read);
    }
    expect(read).toEqual(transposed);
  });

  test('of several tensors lie side by side, and touch nothing else', () => {
    const columns = 3 * OUT;
    const file = new Uint8Array(4 * columns * IN);
    for (const first of [0, OUT, 2 * OUT]) {
      const shifted = values.map((value) => value + first);
      encodeColumns('float32', shifted, { out: OUT, columns, first }, file);
    }
    const matrix = new Float32Array(file.buffer);
    for (let input = 0; input < IN; input++)
      for (let column = 0; column < columns; column++) {
        const first = Math.floor(column / OUT) * OUT;
        expect(matrix[input * columns + column]).toBe((values[(column - first) * IN + input] ?? NaN) + first);
      }
  });
});

test('int8 columns differ from the tensor by half a step of their scale, and use the whole range', () => {
  const dimension = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(dimension, dimension, fc.integer(), (out, inWidth, seed) => {
      const tensor = Float32Array.from({ length: out * inWidth }, (_, i) => Math.sin(seed + i * i) * (i % 7));
      const file = new Uint8Array(out * inWidth);
      const scales = int8Scales(tensor, out);
      encodeInt8Columns(tensor.slice(), scales, { out, columns: out, first: 0 }, file);
      const quantized = new Int8Array(file.buffer);
      for (let row = 0; row < out; row++) {
        const scale = scales[row] as number;
        let largest = 0;
        for (let i = 0; i < inWidth; i++) {
          const q = quantized[i * out + row] as number;
          expect(Math.abs(q * scale - (tensor[row * inWidth + i] as number))).toBeLessThanOrEqual(
            scale * 0.5001,
          );
          largest = Math.max(largest, Math.abs(q));
        }
        expect(largest).toBe(scale === 0 ? 0 : 127);
      }
    }),
  );
});
