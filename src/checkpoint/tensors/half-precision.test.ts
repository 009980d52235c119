import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture, sha256 } from '../../mae/reference-fixtures.ts';
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from './half-precision.ts';

type Pairs = [number, number][];
const fixture = await readFixture<{
  f16: { list: Pairs; all_sha256: string };
  bf16: { list: Pairs; all_sha256: string };
  to_f16: { list: Pairs; midpoints_sha256: string; midpoints_count: number };
}>('floats');

const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

/** The value of a pattern by the standard's own formula. */
function patternValue(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1)
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each([
  { type: 'float16', convert: float16ToFloat32, exponentBits: 5, fractionBits: 10, reference: fixture.f16 },
  { type: 'bfloat16', convert: bfloat16ToFloat32, exponentBits: 8, fractionBits: 7, reference: fixture.bf16 },
])('$type to float32', ({ convert, exponentBits, fractionBits, reference }) => {
  const values = new Float32Array(65536);
  convert(ALL, values);

  test('is the standard’s formula for every pattern', () => {
    const wrong = [...ALL].filter(
      (bits) => !Object.is(values[bits], patternValue(bits, exponentBits, fractionBits)),
    );
    expect(wrong).toEqual([]);
  });

  test('is what NumPy and PyTorch give', async () => {
    expect(await sha256(values.filter((value) => !Number.isNaN(value)))).toBe(reference.all_sha256);
    const bits = new Uint32Array(values.buffer);
    for (const [half, single] of reference.list) {
      if (Number.isNaN(values[half])) expect(single & 0x7fff_ffff).toBeGreaterThan(0x7f80_0000);
      else expect(bits[half]).toBe(single);
    }
  });

  test('writes from the offset on, and nothing else', () => {
    const into = new Float32Array(5).fill(7);
    convert(Uint16Array.of(0, 0x8000), into.subarray(1), 1);
    expect([...into]).toEqual([7, 7, 0, -0, 7]);
  });

  test('refuses a target that is too small', () => {
    expect(() => convert(new Uint16Array(3), new Float32Array(4), 2)).toThrow(RangeError);
  });
});

describe('float32 to float16', () => {
  const toHalves = (...values: number[]) => {
    const halves = new Uint16Array(values.length);
    float32ToFloat16(Float32Array.from(values), halves);
    return halves;
  };

  test('gives every float16 back', () => {
    const values = new Float32Array(65536);
    float16ToFloat32(ALL, values);
    const back = new Uint16Array(65536);
    float32ToFloat16(values, back);
    const wrong = [...ALL].filter((bits) => Number.isFinite(values[bits]) && back[bits] !== bits);
    expect(wrong).toEqual([]);
  });

  test('rounds to the nearest, ties to even, between any two neighbours', async () => {
    const magnitudes = new Float32Array(0x7bff + 1);
    float16ToFloat32(ALL.subarray(0, 0x7bff + 1), magnitudes);
    const values = new Float32Array(4 * 0x7bff);
    const bits = new Uint32Array(values.buffer);
    for (let half = 0; half < 0x7bff; half++) {
      const [low = 0, high = 0] = magnitudes.subarray(half, half + 2);
      values.fill((low + high) / 2, 4 * half + 1, 4 * half + 4);
      values[4 * half] = low;
      bits[4 * half + 2] = (bits[4 * half + 2] as number) - 1;
      bits[4 * half + 3] = (bits[4 * half + 3] as number) + 1;
    }
    const halves = new Uint16Array(values.length);
    float32ToFloat16(values, halves);
    for (let half = 0; half < 0x7bff; half++) {
      const even = half % 2 === 0 ? half : half + 1;
      expect([...halves.subarray(4 * half, 4 * half + 4)]).toEqual([half, even, half, half + 1]);
    }
    expect(values.length).toBe(fixture.to_f16.midpoints_count);
    expect(await sha256(halves)).toBe(fixture.to_f16.midpoints_sha256);
  });

  test('is what NumPy gives after clamping', () => {
    const bits = Uint32Array.from(fixture.to_f16.list, ([single]) => single);
    const halves = new Uint16Array(bits.length);
    float32ToFloat16(new Float32Array(bits.buffer), halves);
    for (const [i, [single, expected]] of fixture.to_f16.list.entries()) {
      const half = halves[i] as number;
      if ((single & 0x7fff_ffff) > 0x7f80_0000) expect(half & 0x7fff).toBeGreaterThan(0x7c00);
      else expect(half).toBe(expected);
    }
  });

  test('clamps what lies beyond the largest finite value', () => {
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    expect([...toHalves(65504, 65505, 65520, 1e30, POSITIVE_INFINITY)]).toEqual(Array(5).fill(0x7bff));
    expect([...toHalves(-65504, -65520, NEGATIVE_INFINITY)]).toEqual(Array(3).fill(0xfbff));
    expect((toHalves(Number.NaN)[0] as number) & 0x7fff).toBeGreaterThan(0x7c00);
    expect([...toHalves(-0, 1e-30, -1e-30)]).toEqual([0x8000, 0, 0x8000]);
  });

  test('never has a closer neighbour', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (value) => {
        const [half = 0] = toHalves(value);
        const error = Math.abs(patternValue(half, 5, 10) - value);
        for (const neighbour of [half - 1, half + 1]) {
          if ((neighbour & 0x7fff) > 0x7bff || (neighbour & 0x8000) !== (half & 0x8000)) continue;
          expect(Math.abs(patternValue(neighbour, 5, 10) - value)).toBeGreaterThanOrEqual(error);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('refuses a target that is too small', () => {
    expect(() => float32ToFloat16(new Float32Array(3), new Uint16Array(4), 2)).toThrow(RangeError);
  });
});
