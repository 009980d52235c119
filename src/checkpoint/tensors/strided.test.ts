import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { scatter, valueCount } from './strided.ts';
import { readFloat32, rowsOf, type StoredTensor } from './tensors.ts';

/** A tensor's values by the definition of strides. */
function expected(memory: readonly number[], shape: readonly number[], strides: readonly number[]): number[] {
  const values: number[] = [];
  const walk = (d: number, at: number): void => {
    if (d === shape.length) values.push(memory[at] as number);
    else for (let i = 0; i < (shape[d] as number); i++) walk(d + 1, at + i * (strides[d] as number));
  };
  walk(0, 0);
  return values;
}

const reach = (shape: readonly number[], strides: readonly number[]) =>
  shape.includes(0) ? 0 : 1 + shape.reduce((sum, side, d) => sum + (side - 1) * (strides[d] as number), 0);

test('any strides, from parts of any size', () => {
  const axis = fc.tuple(fc.nat(4), fc.nat(7));
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (axes, size) => {
      const [shape, strides] = [axes.map(([side]) => side), axes.map(([, stride]) => stride)];
      const memory = Float32Array.from({ length: reach(shape, strides) }, (_, i) => i + 1);
      const into = new Float32Array(valueCount(shape) + 2);
      for (let from = 0; from < memory.length; from += size) {
        scatter(memory.subarray(from, from + size), from, shape, strides, into, 1);
      }
      expect([...into]).toEqual([0, ...expected([...memory], shape, strides), 0]);
    }),
    { numRuns: 500 },
  );
});

test('a large transposed tensor is read in pieces of at most 4 MiB', async () => {
  const [rows, columns] = [3000, 2000];
  const ranges: number[] = [];
  const source: ByteSource = {
    name: 'f',
    size: 4 * rows * columns,
    async read(start, end) {
      ranges.push(end - start);
      const values = Float32Array.from({ length: (end - start) / 4 }, (_, i) => start / 4 + i);
      return new Uint8Array(values.buffer);
    },
  };
  const tensor: StoredTensor = {
    name: 'a',
    dtype: 'F32',
    shape: [rows, columns],
    strides: [1, rows],
    source,
    start: 0,
    end: source.size,
  };
  const into = new Float32Array(rows * columns);
  await readFloat32(tensor, into);
  expect(ranges).toEqual([...Array(5).fill(2 ** 22), 24_000_000 - 5 * 2 ** 22]);
  for (const [row, column] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [2999, 1999],
    [1500, 1398],
    [1501, 1399],
  ] as const) {
    expect(into[row * columns + column]).toBe(column * rows + row);
  }
});

test('there must be room for all values, however few are stored', async () => {
  const tensor: StoredTensor = {
    name: 'a',
    dtype: 'F32',
    shape: [9],
    strides: [0],
    source: memorySource('f', new Uint8Array(4)),
    start: 0,
    end: 4,
  };
  await expect(readFloat32(tensor, new Float32Array(8))).rejects.toThrow(RangeError);
});

test('rows of a tensor are those rows, with and without strides', async () => {
  const memory = Float32Array.from({ length: 24 }, (_, i) => i);
  const source = memorySource('f', new Uint8Array(memory.buffer));
  const layout = fc.constantFrom<readonly number[] | undefined>(undefined, [1, 6], [3, 1], [4, 1], [2, 2]);
  await fc.assert(
    fc.asyncProperty(layout, fc.nat(5), fc.nat(5), async (strides, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
      const shape = [6, 3];
      const values = expected([...memory], shape, strides ?? [3, 1]);
      const whole: StoredTensor = {
        name: 'w',
        dtype: 'F32',
        shape,
        source,
        start: 0,
        end: 4 * reach(shape, strides ?? [3, 1]),
      };
      const rows = rowsOf(strides === undefined ? whole : { ...whole, strides }, from, to);
      expect(rows).toMatchObject({ name: `w[${from}:${to}]`, shape: [to - from, 3] });
      const into = new Float32Array(3 * (to - from));
      await readFloat32(rows, into);
      expect([...into]).toEqual(values.slice(3 * from, 3 * to));
    }),
  );
});
