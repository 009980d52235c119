import { describe, expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { loadCrc32 } from '../bytes/crc32.ts';
import { type DType, readFloat32, readFloat32Sync, type StoredTensor } from './tensors.ts';
import { rowsOf } from './views.ts';

const MIB = 2 ** 20;

/** 1, -2, 0.5 and the smallest subnormal of each type. */
const BYTES: { readonly [type in DType]?: Uint8Array } = {
  F32: new Uint8Array(Float32Array.of(1, -2, 0.5, 2 ** -149).buffer),
  F16: new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x0001).buffer),
  BF16: new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x0001).buffer),
  // Of what lies half way between two float32 the one with the even last bit.
  F64: new Uint8Array(Float64Array.of(1 + 2 ** -24, -2, 0.5 + 2 ** -52, 1.5 * 2 ** -150).buffer),
};
const SMALLEST: { readonly [type in DType]?: number } = {
  F32: 2 ** -149,
  F16: 2 ** -24,
  BF16: 2 ** -133,
  F64: 2 ** -149,
};

function stored(dtype: DType, source: ByteSource, start: number, end: number): StoredTensor {
  return { name: 'a', dtype, shape: [(end - start) / 2], source, start, end };
}

describe.each(['F32', 'F16', 'BF16', 'F64'] as const)('%s', (dtype) => {
  const bytes = BYTES[dtype] as Uint8Array;

  test.each([0, 1, 2, 3])('is read from byte %i of a file on', async (start) => {
    const file = new Uint8Array(start + bytes.byteLength + 2).fill(0xaa);
    file.set(bytes, start);
    const into = new Float32Array(6).fill(9);
    const tensor = stored(dtype, memorySource('f', file), start, start + bytes.byteLength);
    await readFloat32(tensor, into, 1);
    expect([...into]).toEqual([9, 1, -2, 0.5, SMALLEST[dtype], 9]);
    const again = new Float32Array(4);
    readFloat32Sync(tensor, again);
    expect([...again]).toEqual([1, -2, 0.5, SMALLEST[dtype]]);
  });

  test('is written into a view where it stands', async () => {
    const whole = new Float32Array(8).fill(9);
    const tensor = stored(dtype, memorySource('f', bytes.slice()), 0, bytes.byteLength);
    await readFloat32(tensor, whole.subarray(1, 7), 2);
    expect([...whole]).toEqual([9, 9, 9, 1, -2, 0.5, SMALLEST[dtype], 9]);
  });

  test('is refused when there is no room for it', async () => {
    const tensor = stored(dtype, memorySource('f', bytes.slice()), 0, bytes.byteLength);
    await expect(readFloat32(tensor, new Float32Array(4), 1)).rejects.toThrow(RangeError);
  });
});

test('a large tensor is read in pieces of at most 4 MiB', async () => {
  const bytes = 10 * MIB + 6;
  const ranges: [number, number][] = [];
  const source: ByteSource = {
    name: 'f',
    size: 3 + bytes,
    async read(start, end) {
      ranges.push([start, end]);
      // The value at position k of the tensor is bfloat16 pattern k modulo 100.
      const halves = Uint16Array.from({ length: (end - start) / 2 }, (_, i) => ((start - 3) / 2 + i) % 100);
      return new Uint8Array(halves.buffer);
    },
  };
  const into = new Float32Array(bytes / 2);
  await readFloat32(stored('BF16', source, 3, 3 + bytes), into);
  expect(ranges).toEqual([
    [3, 3 + 4 * MIB],
    [3 + 4 * MIB, 3 + 8 * MIB],
    [3 + 8 * MIB, 3 + bytes],
  ]);
  const patterns = new Uint32Array(into.buffer);
  for (const at of [0, 99, 2 * MIB - 1, 2 * MIB, 4 * MIB, into.length - 1]) {
    expect(patterns[at]).toBe((at % 100) << 16);
  }
});

test('an empty tensor reads nothing', async () => {
  const into = Float32Array.of(7);
  await readFloat32(stored('F32', memorySource('f', new Uint8Array()), 0, 0), into, 1);
  expect([...into]).toEqual([7]);
});

describe('weights that are damaged are named', () => {
  const bytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
  const five: StoredTensor = {
    name: 'a',
    dtype: 'F32',
    shape: [5],
    source: memorySource('weights', bytes(1, 2, 3, 4, 5)),
    start: 0,
    end: 20,
  };

  test.each([0, 3, 4])('where value %i is NaN or infinite', async (at) => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const values = [1, 2, 3, 4, 5].map((sound, i) => (i === at ? value : sound));
      const tensor = { ...five, source: memorySource('weights', bytes(...values)) };
      for (const each of [tensor, { ...tensor, strides: [1] }]) {
        await expect(readFloat32(each, new Float32Array(5))).rejects.toMatchObject({
          key: 'checkpoint-malformed/not-finite',
          message: expect.stringMatching(/^The tensor "a" in weights holds values that are no numbers/),
        });
        expect(() => readFloat32Sync(each, new Float32Array(5))).toThrow(/no numbers/);
      }
    }
  });

  test('where a double is beyond float32', async () => {
    const source = memorySource('weights', new Uint8Array(Float64Array.of(1e300).buffer));
    await expect(
      readFloat32({ ...five, dtype: 'F64', shape: [1], source, end: 8 }, new Float32Array(1)),
    ).rejects.toMatchObject({ key: 'checkpoint-malformed/not-finite' });
  });

  test('where a checksum is another, and not where it is right or rows are read alone', async () => {
    const begin = await loadCrc32();
    const whole = begin();
    whole.take(bytes(1, 2, 3, 4, 5));
    const sound = { ...five, checksum: { crc32: whole.value(), begin } };
    await readFloat32(sound, new Float32Array(5));
    const other = { ...five, checksum: { crc32: whole.value() ^ 1, begin } };
    await expect(readFloat32(other, new Float32Array(5))).rejects.toMatchObject({
      key: 'checkpoint-malformed/tensor-crc',
    });
    expect(() => readFloat32Sync(other, new Float32Array(5))).toThrow(/do not fit their checksum/);
    const rows = new Float32Array(2);
    await readFloat32(rowsOf(other, 1, 3), rows);
    expect([...rows]).toEqual([2, 3]);
  });
});

test.each(['I64', 'BOOL', 'F8_E4M3'] as const)('%s is refused by name', async (dtype) => {
  const tensor = stored(dtype, memorySource('weights', new Uint8Array(8)), 0, 8);
  await expect(readFloat32(tensor, new Float32Array(8))).rejects.toMatchObject({
    code: 'checkpoint-unsupported',
    message:
      `The tensor "a" in weights is stored as ${dtype}, which this page cannot read. ` +
      'Save the model as float32, float16 or bfloat16 and load it again.',
  });
});
