import { describe, expect, test } from 'vitest';
import { numpyUniform, torchRand } from './random.ts';
import { float32Array, float64Array, readFixture, type StoredArray, sha256 } from './reference-fixtures.ts';

interface GeneratorFixture {
  readonly count: number;
  readonly seeds: readonly { readonly seed: string; readonly first: number[]; readonly sha256: string }[];
  readonly full: readonly { readonly seed: string; readonly values: StoredArray }[];
  readonly long: readonly {
    readonly seed: string;
    readonly count: number;
    readonly first: number[];
    readonly last: number[];
    readonly sha256: string;
  }[];
  readonly consecutive: readonly {
    readonly seed: string;
    readonly counts: number[];
    readonly sha256: string[];
  }[];
  readonly refused: readonly string[];
}

const fixture = await readFixture<{ torch: GeneratorFixture; numpy: GeneratorFixture }>('random');

const generators = [
  {
    name: 'torchRand',
    generate: (seed: string, count: number) => torchRand(BigInt(seed), count),
    stored: fixture.torch,
    decode: float32Array,
  },
  {
    name: 'numpyUniform',
    generate: (seed: string, count: number) => numpyUniform(Number(seed), count),
    stored: fixture.numpy,
    decode: float64Array,
  },
];

describe.each(generators)('$name', ({ generate, stored, decode }) => {
  test('gives the bits of the real library for every recorded seed', async () => {
    expect(stored.seeds.length).toBeGreaterThan(200);
    for (const { seed, first, sha256: expected } of stored.seeds) {
      const values = generate(seed, stored.count);
      expect(Array.from(values.subarray(0, first.length)), `seed ${seed}`).toEqual(first);
      expect(await sha256(values as Float32Array<ArrayBuffer>), `seed ${seed}`).toBe(expected);
    }
  });

  test.each(stored.full)('gives every value of seed $seed', ({ seed, values }) => {
    expect(generate(seed, stored.count)).toEqual(decode(values));
  });

  test.each(stored.long)(
    'stays right over $count values of seed $seed',
    async ({ seed, count, last, ...rest }) => {
      const values = generate(seed, count);
      expect(Array.from(values.subarray(-last.length))).toEqual(last);
      expect(await sha256(values as Float32Array<ArrayBuffer>)).toBe(rest.sha256);
    },
  );

  test.each(stored.consecutive)(
    'goes on as consecutive calls do, seed $seed',
    async ({ seed, counts, ...rest }) => {
      const all = generate(
        seed,
        counts.reduce((sum, count) => sum + count, 0),
      );
      let start = 0;
      for (const [call, count] of counts.entries()) {
        const part = all.slice(start, start + count);
        expect(await sha256(part as Float32Array<ArrayBuffer>), `call ${call}`).toBe(rest.sha256[call]);
        start += count;
      }
    },
  );

  test.each(stored.refused)('refuses the seed %s, as the library does', (seed) => {
    expect(() => generate(seed, 1)).toThrow(expect.objectContaining({ code: 'seed-invalid' }));
  });
});

describe('seeds', () => {
  test('of torch count by their low 32 bits', () => {
    const expected = torchRand(4294967295, 8);
    expect(torchRand(-1, 8)).toEqual(expected);
    expect(torchRand(-1n, 8)).toEqual(expected);
    expect(torchRand(2n ** 64n - 1n, 8)).toEqual(expected);
    expect(torchRand(2 ** 40 - 1, 8)).toEqual(expected);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n])(
    'of torch cannot be %s',
    (seed) => {
      expect(() => torchRand(seed, 1)).toThrow(
        expect.objectContaining({ code: 'seed-invalid', message: expect.stringContaining('PyTorch') }),
      );
    },
  );

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 32])('of NumPy cannot be %s', (seed) => {
    expect(() => numpyUniform(seed, 1)).toThrow(
      expect.objectContaining({ code: 'seed-invalid', message: expect.stringContaining('NumPy') }),
    );
  });
});
