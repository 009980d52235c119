import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import { BITS, type DType } from '../tensors/tensors.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { rawFile, type WrittenTensor, writeSafetensors } from './testing/safetensors.ts';

const GOLDEN = new URL('../../../tools/reference/golden/', import.meta.url);
const goldenFile = (path: string) => new Uint8Array(readFileSync(new URL(path, GOLDEN)));
const read = (bytes: Uint8Array<ArrayBuffer>) => readSafetensorsHeader(memorySource('file', bytes));

const ONE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
const entry = (fields: string) => `{"a":{${fields}}}`;
const data = (bytes: number) => new Uint8Array(bytes);

/** A length of header, and then these bytes. */
function claiming(length: bigint, rest: string): Uint8Array<ArrayBuffer> {
  const file = rawFile(rest);
  new DataView(file.buffer).setBigUint64(0, length, true);
  return file;
}

const BAD: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  ['empty', data(0), 'it has 0 bytes, and the length of its header alone takes 8'],
  ['of seven bytes', data(7), 'it has 7 bytes, and the length of its header alone takes 8'],
  [
    'with a header over the limit',
    claiming(100_000_001n, '{}'),
    'its header claims 100000001 bytes, and 100000000 is the most that the format allows',
  ],
  [
    'with the longest header',
    claiming(2n ** 64n - 1n, '{}'),
    'its header claims 18446744073709551615 bytes, and 100000000 is the most that the format allows',
  ],
  ['cut inside its header', claiming(441n, '{}'), 'it ends inside its header: expected 439 more bytes'],
  [
    'that is a Git LFS pointer',
    new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00'),
    'it is a Git LFS pointer that stands for the real file, which "git lfs pull" fetches',
  ],
  ['with an empty header', rawFile(''), 'its header is not JSON'],
  ['not in UTF-8', rawFile(Uint8Array.of(0x7b, 0xff, 0x7d)), 'its header is not UTF-8 text'],
  ['with a byte order mark', rawFile('\ufeff{}'), 'its header is not JSON'],
  ['padded with zeros', rawFile('{}\0\0'), 'its header is not JSON'],
  ['with half a header', rawFile(`{"a":${ONE}`, data(4)), 'its header is not JSON'],
  ['whose header is a list', rawFile('[]'), 'its header is not a JSON object'],
  ['whose header is null', rawFile('null'), 'its header is not a JSON object'],
  [
    'nested deeply',
    rawFile(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    'its header is nested deeper than the format is',
  ],
  [
    'with a tensor twice',
    rawFile(`{"a":${ONE},"a":${ONE}}`, data(4)),
    'the name "a" occurs twice in its header',
  ],
  [
    'with a tensor twice, spelled differently',
    rawFile(`{"a":${ONE},\n"\\u0061" :${ONE}}`, data(4)),
    'the name "a" occurs twice in its header',
  ],
  [
    'with a field twice',
    rawFile(entry('"dtype":"F16","dtype":"F32","shape":[1],"data_offsets":[0,4]'), data(4)),
    'the name "dtype" occurs twice in its header',
  ],
  [
    'with a metadata key twice',
    rawFile('{"__metadata__":{"format":"pt","format":"np"}}'),
    'the name "format" occurs twice in its header',
  ],
  [
    'with metadata that is null',
    rawFile('{"__metadata__":null}'),
    'its __metadata__ is null, not an object of strings',
  ],
  [
    'with metadata that is a list',
    rawFile('{"__metadata__":["pt"]}'),
    'its __metadata__ is a list, not an object of strings',
  ],
  [
    'with a number as metadata',
    rawFile('{"__metadata__":{"epoch":3}}'),
    '"epoch" in its __metadata__ is 3, not a string',
  ],
  ['with a tensor that is a number', rawFile('{"a":1}'), 'tensor "a" is described by 1, not by an object'],
  ['with a tensor that is null', rawFile('{"a":null}'), 'tensor "a" is described by null, not by an object'],
  ['without dtype', rawFile(entry('"shape":[1],"data_offsets":[0,4]'), data(4)), 'tensor "a" has no dtype'],
  ['without shape', rawFile(entry('"dtype":"F32","data_offsets":[0,4]'), data(4)), 'tensor "a" has no shape'],
  [
    'without data_offsets',
    rawFile(entry('"dtype":"F32","shape":[1]'), data(4)),
    'tensor "a" has no data_offsets',
  ],
  [
    'with a field too many',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]'), data(4)),
    'tensor "a" has an unknown field "strides"',
  ],
  [
    'with an unknown type',
    rawFile(entry('"dtype":"F33","shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type "F33"',
  ],
  [
    'with a type that every object has',
    rawFile(entry('"dtype":"toString","shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type "toString"',
  ],
  [
    'with a type that is a number',
    rawFile(entry('"dtype":32,"shape":[1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has the unknown type 32',
  ],
  [
    'with a shape that is a number',
    rawFile(entry('"dtype":"F32","shape":1,"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a negative side',
    rawFile(entry('"dtype":"F32","shape":[-1],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with half a side',
    rawFile(entry('"dtype":"F32","shape":[1.5],"data_offsets":[0,6]'), data(6)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a side that doubles cannot hold',
    rawFile(entry('"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a side as text',
    rawFile(entry('"dtype":"F32","shape":["1"],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape that is not a list of whole numbers from 0 on',
  ],
  [
    'with a shape that overflows',
    rawFile(entry('"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]'), data(4)),
    'tensor "a" has a shape too large to exist: [1099511627776, 1099511627776]',
  ],
  [
    'with a shape that overflows before it is zero',
    rawFile(entry('"dtype":"F32","shape":[1099511627776,1099511627776,0],"data_offsets":[0,0]')),
    'tensor "a" has a shape too large to exist: [1099511627776, 1099511627776, 0]',
  ],
  [
    'with negative offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[-4,0]'), data(4)),
    'tensor "a" has data_offsets that are not a list of whole numbers from 0 on',
  ],
  [
    'with one offset',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[4]'), data(4)),
    'tensor "a" has 1 data_offsets instead of 2',
  ],
  [
    'with three offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[0,4,8]'), data(4)),
    'tensor "a" has 3 data_offsets instead of 2',
  ],
  [
    'with reversed offsets',
    rawFile(entry('"dtype":"F32","shape":[1],"data_offsets":[4,0]'), data(4)),
    'tensor "a" ends (0) before it starts (4)',
  ],
  [
    'whose offsets and shape disagree',
    rawFile(entry('"dtype":"F32","shape":[2,3],"data_offsets":[0,20]'), data(20)),
    'tensor "a" has 20 bytes, and F32 [2, 3] takes 24',
  ],
  [
    'with half a byte',
    rawFile(entry('"dtype":"F4","shape":[3],"data_offsets":[0,1]'), data(1)),
    'tensor "a" does not fill whole bytes: F4 [3]',
  ],
  [
    'with overlapping tensors',
    rawFile(`{"a":${ONE},"b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}}`, data(5)),
    'tensors "a" and "b" overlap by 2 bytes',
  ],
  [
    'with one place for two tensors',
    rawFile(`{"a":${ONE},"b":${ONE}}`, data(4)),
    'tensors "a" and "b" overlap by 4 bytes',
  ],
  [
    'with a hole',
    rawFile(`{"a":${ONE},"b":{"dtype":"U8","shape":[3],"data_offsets":[9,12]}}`, data(12)),
    'no tensor has the 5 bytes before tensor "b"',
  ],
  [
    'with a hole at its start',
    rawFile(entry('"dtype":"U8","shape":[3],"data_offsets":[1,4]'), data(4)),
    'no tensor has the 1 byte before tensor "a"',
  ],
  [
    'cut inside its data',
    rawFile(entry('"dtype":"F32","shape":[110],"data_offsets":[0,440]'), data(1)),
    'it ends too early: expected 439 more bytes',
  ],
  ['with bytes at its end', rawFile(`{"a":${ONE}}`, data(9)), 'no tensor has the last 5 bytes'],
  ['without tensors, with data', rawFile('{}', data(3)), 'no tensor has the last 3 bytes'],
  [
    'with an endless name',
    rawFile(`{"${'n'.repeat(5000)}":1}`),
    `tensor "${'n'.repeat(80)}…" is described by 1, not by an object`,
  ],
];

describe('a broken file', () => {
  test.each(BAD)('%s is refused', async (_, bytes, what) => {
    await expect(read(bytes)).rejects.toMatchObject({
      name: 'LensError',
      code: 'checkpoint-malformed',
      message: `file is not a sound safetensors file: ${what}. Download or copy the file again.`,
    });
  });

  test('is not read beyond its header', async () => {
    const bytes = rawFile(`{"a":${ONE}}`, data(4));
    const ends: number[] = [];
    const inner = memorySource('file', bytes);
    const source: ByteSource = {
      ...inner,
      read: (start, end) => {
        ends.push(end);
        return inner.read(start, end);
      },
    };
    await readSafetensorsHeader(source);
    expect(Math.max(...ends)).toBeLessThanOrEqual(bytes.byteLength - 4);
  });
});

describe('a sound file', () => {
  test('may hold no tensors', async () => {
    expect(await read(rawFile('{}'))).toEqual({ tensors: new Map(), metadata: new Map() });
  });

  test('may have spaces around its header', async () => {
    expect((await read(rawFile(` \n{"a":${ONE}}   `, data(4)))).tensors.size).toBe(1);
  });

  test('may hold empty tensors and scalars', async () => {
    const { tensors } = await read(
      rawFile(
        '{"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}}',
        data(4),
      ),
    );
    expect(tensors.get('a')).toMatchObject({ shape: [3, 0] });
    expect(tensors.get('b')).toMatchObject({ shape: [] });
  });

  test('may use names that objects have by themselves', async () => {
    const file = rawFile(
      `{"__proto__":${ONE},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}`,
      data(5),
    );
    expect([...(await read(file)).tensors.keys()]).toEqual(['__proto__', 'constructor']);
  });

  test('may use one name in several tensors and in the metadata', async () => {
    const file = rawFile(
      `{"__metadata__":{"a":"{\\"a\\":1}","b":"\\\\"},"a":${ONE},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
      data(8),
    );
    expect((await read(file)).metadata).toEqual(
      new Map([
        ['a', '{"a":1}'],
        ['b', '\\'],
      ]),
    );
  });

  test('comes back as it was written', async () => {
    const types = Object.keys(BITS) as DType[];
    const tensor = fc
      .record({
        dtype: fc.constantFrom(...types),
        shape: fc.array(fc.nat(4), { maxLength: 4 }),
        fill: fc.nat(255),
      })
      .filter(({ dtype, shape }) => shape.reduce((a, b) => a * b, BITS[dtype] as number) % 8 === 0);
    const names = fc.string({ unit: 'binary', maxLength: 12 }).filter((name) => name !== '__metadata__');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(names, tensor), { selector: ([name]) => name, maxLength: 12 }),
        fc.option(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
          nil: undefined,
        }),
        fc.boolean(),
        async (described, metadata, reversed) => {
          const written: WrittenTensor[] = described.map(([name, { dtype, shape, fill }]) => {
            const bits = shape.reduce((a, b) => a * b, BITS[dtype] as number);
            return { name, dtype, shape, bytes: new Uint8Array(bits / 8).fill(fill) };
          });
          const index = await read(writeSafetensors(written, metadata, reversed));
          expect(index.metadata).toEqual(new Map(Object.entries(metadata ?? {})));
          expect(index.tensors.size).toBe(written.length);
          for (const { name, dtype, shape, bytes } of written) {
            const tensor = index.tensors.get(name);
            expect(tensor).toMatchObject({ name, dtype, shape });
            expect(await tensor?.source.read(tensor.start, tensor.end)).toEqual(bytes);
          }
        },
      ),
    );
  });
});

describe('a file of the real library', () => {
  const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.safetensors'),
  );

  test.each(files)('%s is read', async (path) => {
    const { tensors, metadata } = await read(goldenFile(path));
    expect(tensors.size).toBeGreaterThan(0);
    expect([...metadata.keys()].some((key) => key === 'format' || key === 'mask_ratio')).toBe(true);
  });

  const real = goldenFile('patch16-64px/model.safetensors');
  const headerBytes = Number(new DataView(real.buffer).getBigUint64(0, true));

  /** Whatever was done to a file: it is read, completely, or refused with a LensError. */
  async function readsOrRefuses(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      for (const { source, start, end } of (await read(bytes)).tensors.values())
        await source.read(start, end);
    } catch (error) {
      if (!(error instanceof LensError)) throw error;
    }
  }

  test('is read or refused after bytes of its header have changed', async () => {
    const change = fc.tuple(fc.nat(8 + headerBytes), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = real.slice();
        for (const [at, value] of changes) bytes[at] = value;
        await readsOrRefuses(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('is read or refused after pieces were cut out, doubled or swapped in', async () => {
    const text = new TextDecoder().decode(real.subarray(8, 8 + headerBytes));
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '0',
      '-1',
      '1e999',
      'null',
      '"F64"',
      '"__metadata__":',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(60),
        fc.constantFrom('', ...pieces, text.slice(0, 300)),
        async (at, cut, piece) => {
          const changed = text.slice(0, at) + piece + text.slice(at + cut);
          await readsOrRefuses(rawFile(changed, real.subarray(8 + headerBytes)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is refused wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(real.byteLength - 1), async (size) => {
        await expect(read(real.slice(0, size))).rejects.toMatchObject({ code: 'checkpoint-malformed' });
      }),
    );
  });

  test('is refused when a number in it has changed', async () => {
    const text = new TextDecoder().decode(real.subarray(8, 8 + headerBytes));
    // Numbers inside names may change freely; those of shapes and offsets stand in brackets.
    const places = [...text.matchAll(/(?<=[[,])\d+(?=[\],])/g)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.nat(1e6), async (place, value) => {
        fc.pre(String(value) !== place[0]);
        const changed = text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
        await expect(read(rawFile(changed, real.subarray(8 + headerBytes)))).rejects.toThrow(LensError);
      }),
      { numRuns: 300 },
    );
  });
});
