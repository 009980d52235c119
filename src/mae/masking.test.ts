import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lenKeep, type Masking, maskFromIds, randomMasking } from './masking.ts';
import { numpyUniform, torchRand } from './random.ts';
import { float32Array, float64Array, readFixture, type StoredArray } from './reference-fixtures.ts';

interface MaskingCase {
  readonly generator: 'torch' | 'numpy' | 'ties';
  readonly seed?: string;
  readonly length: number;
  readonly mask_ratio: number;
  readonly len_keep: number;
  readonly noise: StoredArray;
  readonly ids_keep: number[];
  readonly ids_restore: number[];
  readonly mask: number[];
}

const fixture = await readFixture<{
  len_keep: Record<string, number[]>;
  len_keep_odd: { length: number; mask_ratio: number; len_keep: number }[];
  cases: MaskingCase[];
  ties: MaskingCase[];
}>('masking');

// The two sequences that facts about the original notebook and the documentation give for seed 2.
const TORCH_2 =
  '82 108 20 163 128 102 140 184 67 77 41 146 70 30 174 133 9 129 176 122 137 61 155 191 152 7 169 96 156 111 125 91 98 130 160 72 31 79 97 88 114 180 149 17 166 185 170 28 27';
const NUMPY_2 =
  '188 126 77 189 81 1 55 151 147 91 172 156 67 138 154 21 155 57 19 51 150 130 23 191 27 124 89 24 101 12 141 38 173 63 98 117 14 123 129 159 194 31 6 167 94 132 143 28 106';

describe('lenKeep', () => {
  test.each(Object.entries(fixture.len_keep))('is that of Python for %s patches', (length, expected) => {
    expect(expected.map((_, percent) => lenKeep(Number(length), percent / 100))).toEqual(expected);
  });

  test('is that of Python for ratios that are no hundredths', () => {
    for (const { length, mask_ratio, len_keep } of fixture.len_keep_odd) {
      expect(lenKeep(length, mask_ratio), `${length} at ${mask_ratio}`).toBe(len_keep);
    }
  });

  test.each([-0.01, 1.01, Number.NaN])('refuses the ratio %d', (ratio) => {
    expect(() => lenKeep(196, ratio)).toThrow(expect.objectContaining({ code: 'mask-invalid' }));
  });
});

describe('randomMasking', () => {
  test.each([...fixture.cases, ...fixture.ties])(
    'is the reference: $generator, seed $seed, $length patches, ratio $mask_ratio',
    (expected) => {
      const noise =
        expected.noise.dtype === 'float64' ? float64Array(expected.noise) : float32Array(expected.noise);
      if (expected.generator === 'torch')
        expect(torchRand(BigInt(expected.seed ?? ''), noise.length)).toEqual(noise);
      if (expected.generator === 'numpy')
        expect(numpyUniform(Number(expected.seed), noise.length)).toEqual(noise);
      const masking = randomMasking(noise, expected.mask_ratio);
      expect(masking.idsKeep.length).toBe(expected.len_keep);
      expect(Array.from(masking.idsKeep)).toEqual(expected.ids_keep);
      expect(Array.from(masking.idsRestore)).toEqual(expected.ids_restore);
      expect(Array.from(masking.mask)).toEqual(expected.mask);
    },
  );

  test('gives the published patches of seed 2', () => {
    expect(randomMasking(torchRand(2, 196), 0.75).idsKeep.join(' ')).toBe(TORCH_2);
    expect(randomMasking(numpyUniform(2, 196), 0.75).idsKeep.join(' ')).toBe(NUMPY_2);
  });

  test('keeps the order of equal and infinite values', () => {
    const noise = [Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY, 1, -0, 0];
    expect(Array.from(randomMasking(noise, 0).idsShuffle)).toEqual([4, 5, 1, 3, 0, 2]);
  });

  test('refuses noise without an order', () => {
    expect(() => randomMasking([0, Number.NaN], 0.5)).toThrow(
      expect.objectContaining({ code: 'mask-invalid' }),
    );
  });

  test('gives a consistent mask for any noise and ratio', () => {
    const noise = fc.array(fc.double({ noNaN: true }), { maxLength: 300 });
    fc.assert(
      fc.property(noise, fc.double({ min: 0, max: 1, noNaN: true }), (values, ratio) => {
        const masking = randomMasking(values, ratio);
        expectConsistent(masking, values.length, lenKeep(values.length, ratio));
        const ordered = Array.from(masking.idsShuffle, (id) => values[id] as number);
        expect(ordered.every((value, i) => i === 0 || (ordered[i - 1] as number) <= value)).toBe(true);
      }),
    );
  });
});

describe('maskFromIds', () => {
  test('repeats the reference for the patches that the reference kept', () => {
    for (const { ids_keep, mask, length } of fixture.cases) {
      const masking = maskFromIds(ids_keep, length);
      expect(Array.from(masking.idsKeep)).toEqual(ids_keep);
      expect(Array.from(masking.mask)).toEqual(mask);
    }
  });

  test('gives a consistent mask for any choice', () => {
    const choice = fc
      .integer({ min: 0, max: 300 })
      .chain((length) =>
        fc.tuple(fc.constant(length), fc.uniqueArray(fc.nat(Math.max(0, length - 1)), { maxLength: length })),
      );
    fc.assert(
      fc.property(choice, ([length, ids]) => {
        const masking = maskFromIds(ids, length);
        expect(Array.from(masking.idsKeep)).toEqual(ids);
        expectConsistent(masking, length, ids.length);
      }),
    );
  });

  test.each([[[196]], [[-1]], [[0.5]], [[3, 3]]])('refuses %j', (ids) => {
    expect(() => maskFromIds(ids, 196)).toThrow(expect.objectContaining({ code: 'mask-invalid' }));
  });
});

function expectConsistent(
  { idsShuffle, idsKeep, idsRestore, mask }: Masking,
  length: number,
  keep: number,
): void {
  expect(idsKeep).toEqual(idsShuffle.slice(0, keep));
  expect(Array.from(idsShuffle, (id) => idsRestore[id])).toEqual(Array.from({ length }, (_, place) => place));
  expect(mask.reduce((sum, removed) => sum + removed, 0)).toBe(length - keep);
  expect(idsKeep.every((id) => mask[id] === 0)).toBe(true);
}
