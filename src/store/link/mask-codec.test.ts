import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { patchCount, squareGrid } from '../../mae/geometry.ts';
import type { Paint } from '../../mae/manual-mask.ts';
import { packBits, packPainted, unpackBits, unpackPainted } from './mask-codec.ts';

const sides = fc.integer({ min: 1, max: 20 });
const painted = fc
  .oneof(sides.map(squareGrid), fc.record({ rows: sides, columns: sides }))
  .chain((grid) =>
    fc
      .array(fc.tuple(fc.nat(patchCount(grid) - 1), fc.constantFrom<Paint>('masked', 'kept')))
      .map((cells) => ({ grid, painted: new Map(cells.sort(([a], [b]) => a - b)) })),
  );

describe('bits', () => {
  test('are packed as base64url', () => {
    expect(packBits([])).toBe('');
    expect(packBits([0, 0, 0, 0, 0, 1])).toBe('B');
    expect(packBits([1, 1, 1, 1, 1, 1, 1])).toBe('_g');
    const bytes = Uint8Array.from({ length: 48 }, (_, i) => i * 5 + 1);
    const bits = Array.from(bytes).flatMap((byte) =>
      Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1),
    );
    expect(packBits(bits)).toBe(Buffer.from(bytes).toString('base64url'));
  });

  test('come back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { maxLength: 300 }), (bits) => {
        expect(Array.from(unpackBits(packBits(bits), bits.length))).toEqual(bits);
      }),
    );
  });

  test.each([
    ['A', 7, '1 characters instead of 2'],
    ['AAA', 7, '3 characters instead of 2'],
    ['A+', 7, '“+” does not belong there'],
    ['AB', 7, 'goes on after its end'],
  ])('%s is not %d bits', (text, length, reason) => {
    expect(() => unpackBits(text, length)).toThrow(expect.objectContaining({ code: 'mask-invalid' }));
    expect(() => unpackBits(text, length)).toThrow(reason);
  });
});

describe('painted patches', () => {
  test('come back, as they were packed', () => {
    fc.assert(
      fc.property(painted, (cells) => {
        expect(unpackPainted(packPainted(cells))).toEqual(cells);
      }),
    );
  });

  test('take few characters', () => {
    const all = new Map(Array.from({ length: 196 }, (_, id) => [id, 'masked' as const]));
    expect(packPainted({ grid: squareGrid(14), painted: all }).length).toBe(69);
    expect(packPainted({ grid: squareGrid(14), painted: new Map([[3, 'kept']]) }).length).toBe(36);
  });

  test.each([
    '',
    '14',
    '14.',
    '0.A',
    '129.A',
    '1e1.A',
    '-2.A',
    '2.',
    '2.B',
    '2.__',
    '2.AAA',
    '14.%',
    '2.A\n',
  ])('%j is refused', (text) => {
    expect(() => unpackPainted(text)).toThrow(expect.objectContaining({ code: 'mask-invalid' }));
  });

  test('any text is read or refused, and what is read is written the same again', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[1-9]\.[A-Za-z0-9_-]{0,14}$/));
    fc.assert(
      fc.property(text, (candidate) => {
        try {
          expect(packPainted(unpackPainted(candidate))).toBe(candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(LensError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
