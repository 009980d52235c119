import { describe, expect, test } from 'vitest';
import { denormalizePatches, normalizePatches, normalizePatchesLike, reconstructionLoss } from './loss.ts';
import { patchify } from './patches.ts';
import { float32Array, readFixture, type StoredArray } from './reference-fixtures.ts';
import { square } from './testing/square.ts';

interface LossFixture {
  readonly cases: readonly {
    readonly name: string;
    readonly patch_size: number;
    readonly image_size: number;
    readonly pixel_values: StoredArray;
    readonly pred: StoredArray;
    readonly mask: number[];
    readonly loss_per_patch: StoredArray;
    readonly loss: number;
    readonly norm_pix: {
      readonly target: StoredArray;
      readonly loss_per_patch: StoredArray;
      readonly loss: number;
    };
  }[];
}

const { cases } = await readFixture<LossFixture>('patches');

describe.each(cases)('the loss of $name', ({ patch_size, pred, mask, norm_pix, ...raw }) => {
  const target = patchify(float32Array(raw.pixel_values), square(raw.image_size, patch_size));
  const logits = float32Array(pred);
  const patchDim = patch_size * patch_size * 3;

  test('on raw pixels is that of torch', () => {
    const { perPatch, loss } = reconstructionLoss(logits, target, mask, false);
    expectSame(perPatch, float32Array(raw.loss_per_patch));
    expectSame([loss ?? Number.NaN], [raw.loss]);
  });

  test('on normalised pixels is that of torch', () => {
    const { perPatch, loss } = reconstructionLoss(logits, target, mask, true);
    expectSame(perPatch, float32Array(norm_pix.loss_per_patch));
    expectSame([loss ?? Number.NaN], [norm_pix.loss]);
  });

  test('has the target of torch, and denormalizePatches brings it back', () => {
    const normalized = normalizePatches(target, patchDim);
    expectClose(normalized, float32Array(norm_pix.target), 1e-5);
    expectClose(denormalizePatches(normalized, target, patchDim), target, 1e-5);
  });

  test('normalizePatchesLike takes the statistics of the target, and is undone by denormalizePatches', () => {
    const other = target.map((value, i) => Math.cos(i) + value / 2);
    const there = normalizePatchesLike(other, target, patchDim);
    expectClose(denormalizePatches(there, target, patchDim), other, 1e-5);
    expectClose(normalizePatchesLike(target, target, patchDim), normalizePatches(target, patchDim), 0);
  });
});

describe('reconstructionLoss', () => {
  test('is null when no patch is masked, with the errors still there', () => {
    const { perPatch, loss } = reconstructionLoss(
      new Float32Array([1, 3]),
      new Float32Array(2),
      [0, 0],
      false,
    );
    expect(loss).toBeNull();
    expect(Array.from(perPatch)).toEqual([1, 9]);
  });

  test('counts masked patches only', () => {
    expect(reconstructionLoss(new Float32Array([1, 3]), new Float32Array(2), [0, 1], false).loss).toBe(9);
  });

  test('refuses shapes that do not belong together', () => {
    expect(() => reconstructionLoss(new Float32Array(6), new Float32Array(3), [0], false)).toThrow(
      RangeError,
    );
    expect(() => reconstructionLoss(new Float32Array(5), new Float32Array(5), [0, 1], false)).toThrow(
      RangeError,
    );
  });
});

/** Every value differs by at most `tolerance`, absolute. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expect(Math.max(...differences(actual, expected))).toBeLessThanOrEqual(tolerance);
}

/** Every value differs by at most one part in a million of the expected one. */
function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const relative = differences(actual, expected).map((value, i) => value / Math.abs(expected[i] as number));
  expect(Math.max(...relative)).toBeLessThanOrEqual(1e-6);
}

function differences(actual: ArrayLike<number>, expected: ArrayLike<number>): number[] {
  return Array.from(expected, (wanted, i) => Math.abs((actual[i] as number) - wanted));
}
