import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { memorySource } from '../bytes/bytes.ts';
import { BITS, type DType } from '../tensors/tensors.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { rawFile, type WrittenTensor, writeSafetensors } from './testing/safetensors.ts';

const GOLDEN = new URL('../../../tools/reference/golden/', import.meta.url);
const goldenFile = (path: string) => new Uint8Array(readFileSync(new URL(path, GOLDEN)));
const read = (bytes: Uint8Array<ArrayBuffer>) => readSafetensorsHeader(memorySource('file', bytes));

const ONE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
const data = (bytes: number) => new Uint8Array(bytes);

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
