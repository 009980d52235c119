import { describe, expect, test } from 'vitest';
import { compare } from './compare.ts';

const values = (...data: number[]) => ({ shape: [data.length], data });

describe('compare', () => {
  test('passes within atol + 1e-4 · |expected| and says the largest difference', () => {
    const result = compare('logits', values(1, 100), values(1.0001, 100.01), 1e-4);
    expect(result.passed).toBe(true);
    expect(result.difference).toBeCloseTo(0.01, 5);
  });

  test('fails beyond it', () => {
    expect(compare('logits', values(1), values(1.0003), 1e-4).passed).toBe(false);
    expect(compare('logits', values(1), values(1.0003), 1e-3).passed).toBe(true);
  });

  test('mask and ids_restore must be equal', () => {
    expect(compare('mask', values(1, 0), values(1, 1e-6), 1).passed).toBe(false);
    expect(compare('ids_restore', { shape: [1], data: [3n] }, { shape: [1], data: [3n] }, 0).passed).toBe(
      true,
    );
  });

  test('a loss may be a number or a vector of one', () => {
    expect(compare('loss', values(1), { shape: [], data: [1] }, 0).passed).toBe(true);
    expect(compare('logits', values(1), { shape: [], data: [1] }, 0).passed).toBe(false);
  });

  test('NaN, another shape and a missing tensor fail with a remark', () => {
    expect(compare('logits', values(1), values(Number.NaN), 1)).toMatchObject({
      passed: false,
      difference: Infinity,
    });
    expect(compare('logits', values(1), values(1, 2), 1).remark).toMatch(
      /shape is \[2\] and should be \[1\]/,
    );
    expect(compare('logits', values(1), undefined, 1).remark).toMatch(/no such tensor/);
  });
});
