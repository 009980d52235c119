import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { readFloat32 } from '../tensors/tensors.ts';
import { readTensors } from './formats.ts';
import { readLegacyPyTorch } from './pytorch-legacy.ts';
import {
  type Code,
  dict,
  floats,
  global,
  int,
  list,
  no,
  pickled,
  realFile,
  state,
  tensor,
  text,
  tuple,
  yes,
} from './testing/pickle.ts';

const MAGIC: Code = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const machine = (little: Code) => dict([[text('little_endian'), little]]);
/** A storage as old files have it, with a sixth item. */
const storage = (key: string, length: number, part: Code = [0x4e]): Code => [
  ...tuple(text('storage'), global('torch.FloatStorage'), text(key), text('cpu'), int(length), part),
  0x51,
];

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A storage's values behind their count. */
function counted(values: readonly number[], count = values.length): Uint8Array {
  return joined(new Uint8Array(BigUint64Array.of(BigInt(count)).buffer), floats(...values));
}

function write(
  root: Code,
  keys: Code,
  storages: readonly Uint8Array[],
  [version, little]: readonly [number, Code] = [1001, yes],
): ByteSource {
  const pickles = [MAGIC, int(version), machine(little), root, keys].map((code) => pickled(code));
  return memorySource('old.pth', joined(...pickles, ...storages));
}

const TWO = state(
  ['a', tensor({ storage: storage('94', 4), offset: 1, shape: [3], strides: [1] })],
  ['b', tensor({ storage: storage('93', 2), shape: [2], strides: [1] })],
);
const KEYS = list(text('93'), text('94'));
const STORAGES = [counted([1, 2]), counted([3, 4, 5, 6])];

describe('a PyTorch file from before 1.6', () => {
  test('has its tensors in storages behind its pickles', async () => {
    const { tensors } = await readTensors(write(TWO, KEYS, STORAGES));
    const values = { a: new Float32Array(3), b: new Float32Array(2) };
    for (const [name, tensor] of tensors) await readFloat32(tensor, values[name as 'a' | 'b']);
    expect(values).toEqual({ a: Float32Array.of(4, 5, 6), b: Float32Array.of(1, 2) });
  });

  test('is read no further than its pickles, however long they are, and the counts', async () => {
    const filler = text('x'.repeat(1.1 * 2 ** 20));
    const inner = write(state(['model', TWO], ['args', filler]), KEYS, [
      counted([1, 2]),
      counted(Array.from({ length: 4 }, () => 1)),
    ]);
    const padded = new Uint8Array(8 * 2 ** 20);
    padded.set(await inner.read(0, inner.size));
    const ends: number[] = [];
    const source: ByteSource = {
      ...memorySource('old.pth', padded),
      read: async (start, end) => {
        ends.push(end);
        return padded.slice(start, end);
      },
    };
    expect((await readLegacyPyTorch(source)).tensors.size).toBe(2);
    expect(ends.filter((end) => end > 2 ** 20)).toHaveLength(3);
    expect(Math.max(...ends)).toBeLessThanOrEqual(4 * 2 ** 20);
  });

  test.each<[string, ByteSource, string]>([
    [
      'cut off in its storages',
      write(TWO, KEYS, [counted([1, 2]), counted([3, 4, 5])]),
      'checkpoint-malformed/ends-too-early',
    ],
    [
      'cut off in its pickles',
      memorySource('f', joined(pickled(MAGIC), pickled(int(1001)))),
      'checkpoint-malformed/pickle-cut',
    ],
    [
      'with another count',
      write(TWO, KEYS, [counted([1, 2], 3), counted([3, 4, 5, 6])]),
      'checkpoint-malformed/pytorch-storage-count',
    ],
    [
      'without a storage',
      write(TWO, list(text('93')), STORAGES),
      'checkpoint-malformed/pytorch-values-missing',
    ],
    [
      'with a storage of nothing',
      write(TWO, list(text('93'), text('7')), STORAGES),
      'checkpoint-malformed/pytorch-storage-keys',
    ],
    [
      'with a storage twice',
      write(TWO, list(text('93'), text('93')), STORAGES),
      'checkpoint-malformed/pytorch-storage-keys',
    ],
    ['of another version', write(TWO, KEYS, STORAGES, [1002, yes]), 'checkpoint-unsupported/pytorch-version'],
    ['of a big-endian machine', write(TWO, KEYS, STORAGES, [1001, no]), 'checkpoint-unsupported/byte-order'],
    [
      'with a part of a storage',
      write(
        state([
          'a',
          tensor({ storage: storage('93', 4, tuple(text('9'), int(0), int(2))), shape: [2], strides: [1] }),
        ]),
        KEYS,
        STORAGES,
      ),
      'checkpoint-malformed/pickle-not-a-storage',
    ],
    ['with a program', write(global('os.system'), KEYS, STORAGES), 'checkpoint-unsupported/python-call'],
  ])('%s is refused', async (_, source, key) => {
    await expect(readLegacyPyTorch(source)).rejects.toMatchObject({ key });
  });

  test('that is damaged is read or refused, and nothing else', async () => {
    const real = realFile('legacy/last.ckpt');
    const damage = fc.array(fc.tuple(fc.nat(12_000), fc.nat(255)), { minLength: 1, maxLength: 10 });
    const cut = fc.oneof(fc.constant(real.byteLength), fc.nat(real.byteLength));
    await fc.assert(
      fc.asyncProperty(damage, cut, async (changes, length) => {
        const bytes = real.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tensors } = await readLegacyPyTorch(memorySource('f', bytes.slice(0, length)));
          for (const { end } of tensors.values()) expect(end).toBeLessThanOrEqual(length);
        } catch (error) {
          expect(error).toBeInstanceOf(LensError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
