import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { isRowMajor, reachOf, rowMajorStrides, scatter, valueCount } from './strided.ts';
import { readFloat32, type StoredTensor } from './tensors.ts';
import { valuesByStrides } from './testing/strides.ts';

test('any strides, from parts of any size', () => {
  const axis = fc.tuple(fc.nat(4), fc.nat(7));
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (axes, size) => {
      const [shape, strides] = [axes.map(([side]) => side), axes.map(([, stride]) => stride)];
      const memory = Float32Array.from({ length: reachOf(shape, strides) }, (_, i) => i + 1);
      const into = new Float32Array(valueCount(shape) + 2);
      for (let from = 0; from < memory.length; from += size) {
        scatter(memory.subarray(from, from + size), from, shape, strides, into, 1);
      }
      expect([...into]).toEqual([0, ...valuesByStrides([...memory], shape, strides), 0]);
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

test('the strides of what lies without gaps', () => {
  expect(rowMajorStrides([2, 3, 4])).toEqual([12, 4, 1]);
  expect(rowMajorStrides([])).toEqual([]);
  for (const shape of [[], [5], [2, 3, 4], [3, 0, 2]]) {
    expect(isRowMajor(shape, rowMajorStrides(shape))).toBe(true);
  }
  // The stride of an axis with one row is never used.
  expect(isRowMajor([2, 1, 4], [4, 99, 1])).toBe(true);
  expect(isRowMajor([2, 3], [1, 2])).toBe(false);
  expect(isRowMajor([2, 3], [4, 1])).toBe(false);
});
