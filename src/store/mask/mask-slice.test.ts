import { describe, expect, test } from 'vitest';
import { readyLens, testLens } from '../testing/fake-engine.ts';

describe('masks', () => {
  test('follow the ratio in the same call', async () => {
    const { lens } = await readyLens();
    let keptByListener = -1;
    lens.store.subscribe((state) => {
      keptByListener = state.masking.kept;
    });
    lens.setRatio(0.5);
    expect(keptByListener).toBe(98);
    expect(lens.store.getState().masking.mask.reduce((sum, value) => sum + value, 0)).toBe(98);
  });

  test('start as those of the reference figure: 75 %, seed 2, PyTorch', () => {
    const { masking } = testLens().lens.store.getState();
    expect([...masking.idsKeep.slice(0, 6)]).toEqual([82, 108, 20, 163, 128, 102]);
  });

  test('change with the generator', () => {
    const { lens } = testLens();
    lens.setGenerator('numpy');
    expect([...lens.store.getState().masking.idsKeep.slice(0, 4)]).toEqual([188, 126, 77, 189]);
  });

  test('reach both ends of the ratio', () => {
    const { lens } = testLens();
    lens.setRatio(0);
    expect(lens.store.getState().masking.kept).toBe(196);
    lens.setRatio(1);
    expect(lens.store.getState().masking.kept).toBe(0);
  });
});

describe('seeds', () => {
  test('beyond what NumPy takes leave the last good mask', () => {
    const { lens } = testLens();
    lens.setGenerator('numpy');
    const { masking } = lens.store.getState();
    lens.setSeed('4294967296');
    const state = lens.store.getState();
    expect(state.draft?.seed).toBe('4294967296');
    expect(state.draft?.problem.message).toContain('4294967295');
    expect(state.masking).toBe(masking);
    expect(state.settings.seed).toBe('2');
  });

  test('good for PyTorch alone are kept as a draft when NumPy is chosen', () => {
    const { lens } = testLens();
    lens.setSeed('-1');
    expect(lens.store.getState().draft).toBeNull();
    lens.setGenerator('numpy');
    expect(lens.store.getState().draft).toMatchObject({ seed: '-1', generator: 'numpy' });
    expect(lens.store.getState().settings).toMatchObject({ seed: '-1', generator: 'torch' });
    lens.setGenerator('torch');
    expect(lens.store.getState().draft).toBeNull();
  });

  test('a draft does not stop the ratio, and the ratio does not end the draft', () => {
    const { lens } = testLens();
    lens.setSeed('two');
    lens.setRatio(0.5);
    expect(lens.store.getState().masking).toMatchObject({ kept: 98, settings: { seed: '2' } });
    expect(lens.store.getState().draft?.problem.message).toContain('whole number');
  });

  test('as large as PyTorch takes them are exact', () => {
    const { lens } = testLens();
    lens.setSeed('18446744073709551615');
    expect(lens.store.getState().draft).toBeNull();
    const largest = lens.store.getState().masking.mask;
    lens.setSeed('-1');
    expect(lens.store.getState().masking.mask).toEqual(largest);
    lens.setSeed('18446744073709551616');
    expect(lens.store.getState().draft?.problem.message).toContain('2^64');
  });

  test('new ones differ from the old one', () => {
    const numbers = [0.0002, 0.0002, 0.7];
    const { lens } = testLens({ random: () => numbers.shift() ?? 0 });
    lens.newSeed();
    expect(lens.store.getState().settings.seed).toBe('7000');
  });
});
