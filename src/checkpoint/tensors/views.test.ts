import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import { reachOf, rowMajorStrides, valueCount } from './strided.ts';
import { readFloat32, type StoredTensor, storedBytes } from './tensors.ts';
import { valuesByStrides } from './testing/strides.ts';
import { rowsOf, transposed } from './views.ts';

test('rows of a tensor are those rows, with and without strides', async () => {
  const memory = Float32Array.from({ length: 24 }, (_, i) => i);
  const source = memorySource('f', new Uint8Array(memory.buffer));
  const layout = fc.constantFrom<readonly number[] | undefined>(undefined, [1, 6], [3, 1], [4, 1], [2, 2]);
  await fc.assert(
    fc.asyncProperty(layout, fc.nat(5), fc.nat(5), async (strides, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
      const shape = [6, 3];
      const values = valuesByStrides([...memory], shape, strides ?? [3, 1]);
      const whole: StoredTensor = {
        name: 'w',
        dtype: 'F32',
        shape,
        source,
        start: 0,
        end: 4 * reachOf(shape, strides ?? [3, 1]),
      };
      const rows = rowsOf(strides === undefined ? whole : { ...whole, strides }, from, to);
      expect(rows).toMatchObject({ name: `w[${from}:${to}]`, shape: [to - from, 3] });
      const into = new Float32Array(3 * (to - from));
      await readFloat32(rows, into);
      expect([...into]).toEqual(values.slice(3 * from, 3 * to));
    }),
  );
});

describe('a transposed tensor', () => {
  const COUNT = 2 * 3 * 4 * 5;
  const memory = Float32Array.from({ length: COUNT }, (_, i) => i);
  const whole: StoredTensor = {
    name: 'w',
    dtype: 'F32',
    shape: [2, 3, 4, 5],
    source: memorySource('f', new Uint8Array(memory.buffer)),
    start: 0,
    end: 4 * COUNT,
  };
  const values = async (tensor: StoredTensor) => {
    const into = new Float32Array(valueCount(tensor.shape));
    await readFloat32(tensor, into);
    return [...into];
  };

  test('has the values of the other one, in whichever order its axes are', async () => {
    const axes = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(axes, axes, async (first, second) => {
        const view = transposed(whole, first);
        const strides = rowMajorStrides(whole.shape);
        const permuted = (of: readonly number[], by: readonly number[]) => by.map((axis) => of[axis] ?? -1);
        expect(view.shape).toEqual(permuted(whole.shape, first));
        expect(await values(view)).toEqual(
          valuesByStrides([...memory], view.shape, permuted(strides, first)),
        );
        expect(storedBytes(view)).toBe(4 * COUNT);
        // Once more, as of a tensor that has strides already.
        const twice = transposed(view, second);
        expect(await values(twice)).toEqual(
          valuesByStrides([...memory], twice.shape, permuted(permuted(strides, first), second)),
        );
      }),
    );
  });

  test('is called as NumPy calls it, and lies in the same bytes', () => {
    expect(transposed(whole, [3, 2, 0, 1])).toEqual({
      ...whole,
      name: 'w.transpose(3, 2, 0, 1)',
      shape: [5, 4, 2, 3],
      strides: [1, 5, 60, 20],
    });
  });

  test('needs no strides where its values follow each other', () => {
    const row: StoredTensor = { ...whole, shape: [1, COUNT] };
    expect(transposed(row, [1, 0])).toEqual({ ...row, name: 'w.transpose(1, 0)', shape: [COUNT, 1] });
    expect(transposed(transposed(whole, [1, 0, 2, 3]), [1, 0, 2, 3]).strides).toBeUndefined();
  });
});
