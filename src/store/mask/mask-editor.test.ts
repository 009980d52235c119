import { describe, expect, test } from 'vitest';
import { squareGrid } from '../../mae/geometry.ts';
import { NOTHING_PAINTED } from '../../mae/manual-mask.ts';
import { paintCells, rectangle } from '../../mae/patch-cells.ts';
import type { Lens } from '../lens.ts';
import { modelInfo, readyLens, settle, testLens } from '../testing/fake-engine.ts';

const state = (lens: Lens) => lens.store.getState();
const kept = (lens: Lens) => state(lens).masking.kept;
const isMasked = (lens: Lens, cell: number) => state(lens).masking.mask[cell] === 1;

/** Paints cells in one stroke. */
function stroke(lens: Lens, cells: readonly number[], paint: 'masked' | 'kept'): void {
  for (let i = 1; i <= cells.length; i++) {
    lens.paint(paintCells(state(lens).settings.painted, cells.slice(0, i), paint));
  }
  lens.endStep();
}

describe('strategies', () => {
  test('make the mask, and the engine gets it', async () => {
    const { lens, engine } = await readyLens();
    lens.setStrategy('checkerboard');
    expect(kept(lens)).toBe(98);
    expect([0, 1, 14, 15].map((cell) => isMasked(lens, cell))).toEqual([false, true, true, false]);
    await settle();
    expect(engine.lastRun.input.mask.mask).toBe(state(lens).masking.mask);
  });

  test('follow seed and ratio as far as they use them', () => {
    const { lens } = testLens();
    lens.setStrategy('block');
    const mask = state(lens).masking.mask;
    expect(kept(lens)).toBe(49);
    lens.setSeed('3');
    expect(state(lens).masking.mask).not.toEqual(mask);
    lens.setRatio(0.5);
    expect(kept(lens)).toBe(98);
    lens.setStrategy('left');
    lens.setRatio(0.1);
    expect(kept(lens)).toBe(98);
  });

  test('begin without paint, and undo brings the paint back', () => {
    const { lens } = testLens();
    stroke(lens, [0, 1, 2], 'kept');
    lens.setStrategy('random');
    expect(state(lens).settings).toMatchObject({ painted: NOTHING_PAINTED, ratio: 0.75 });
    lens.undo();
    expect([...state(lens).settings.painted.keys()]).toEqual([0, 1, 2]);
  });
});

describe('the brush', () => {
  test('changes the painted cells and no other, and the ratio follows', () => {
    const { lens } = testLens();
    const before = [...state(lens).masking.mask];
    const masked = before.flatMap((value, cell) => (value === 1 ? [cell] : [])).slice(0, 10);
    stroke(lens, masked, 'kept');
    expect(kept(lens)).toBe(59);
    expect([...state(lens).masking.mask]).toEqual(
      before.map((value, cell) => (masked.includes(cell) ? 0 : value)),
    );
    expect(Math.trunc(196 * (1 - state(lens).settings.ratio))).toBe(59);
  });

  test('keeps to its cells while the ratio moves, and lets go where it must', () => {
    const { lens } = testLens();
    const cells = rectangle(squareGrid(14), 0, 3 * 14 + 3);
    stroke(lens, cells, 'kept');
    lens.setRatio(0.9);
    expect(kept(lens)).toBe(19);
    expect(cells.every((cell) => !isMasked(lens, cell))).toBe(true);
    lens.setRatio(0.95);
    expect(kept(lens)).toBe(9);
    expect(cells.filter((cell) => !isMasked(lens, cell)).length).toBe(9);
    // The same drag, back again: nothing is lost on the way.
    lens.setRatio(0.9);
    expect(cells.every((cell) => !isMasked(lens, cell))).toBe(true);
    expect(state(lens).settings.painted.size).toBe(16);
  });

  test('leaves no dead ratio when everything is painted', () => {
    const { lens } = testLens();
    lens.paintEverything('masked');
    expect(kept(lens)).toBe(0);
    lens.setRatio(0.5);
    expect(kept(lens)).toBe(98);
    lens.endStep();
    lens.paintEverything('kept');
    lens.setRatio(0.25);
    expect(kept(lens)).toBe(147);
  });

  test('leaves no dead seed when everything is painted', () => {
    const { lens } = testLens();
    lens.invertMask();
    const inverted = [...state(lens).masking.mask];
    lens.setSeed('3');
    expect([...state(lens).masking.mask]).not.toEqual(inverted);
  });

  test('inverts to the very opposite, and twice to the same', () => {
    const { lens } = testLens();
    const before = [...state(lens).masking.mask];
    lens.invertMask();
    expect([...state(lens).masking.mask]).toEqual(before.map((value) => 1 - value));
    lens.invertMask();
    expect([...state(lens).masking.mask]).toEqual(before);
  });

  test('on a pattern changes the pattern nowhere else', () => {
    const { lens } = testLens();
    lens.setStrategy('grid');
    const before = [...state(lens).masking.mask];
    stroke(lens, [30, 31], 'masked');
    expect(state(lens).settings.ratio).toBe(0.75);
    expect(state(lens).masking.mask.filter((value, cell) => value !== before[cell]).length).toBeLessThan(3);
    expect(isMasked(lens, 30) && isMasked(lens, 31)).toBe(true);
  });

  test('taken off, goes back to the ratio that was asked for last', () => {
    const { lens } = testLens();
    lens.setRatio(0.6);
    lens.endStep();
    const before = [...state(lens).masking.mask];
    lens.paintEverything('masked');
    stroke(lens, [5], 'kept');
    lens.newSeed();
    lens.undo();
    lens.clearPaint();
    expect(state(lens).settings).toMatchObject({ ratio: 0.6, painted: NOTHING_PAINTED });
    expect([...state(lens).masking.mask]).toEqual(before);
  });

  test('taken off after another seed, does not keep the painted ratio', () => {
    const { lens } = testLens();
    stroke(lens, rectangle(squareGrid(14), 0, 60), 'kept');
    lens.setGenerator('numpy');
    lens.clearPaint();
    expect(state(lens).settings.ratio).toBe(0.75);
  });
});

describe('undo and redo', () => {
  test('go through whole strokes, drags and words, not their parts', () => {
    const { lens } = testLens();
    stroke(lens, [0, 1, 2, 3], 'kept');
    for (const ratio of [0.7, 0.6, 0.5]) lens.setRatio(ratio);
    lens.endStep();
    for (const text of ['4', '41', '412']) lens.setSeed(text);
    lens.endStep();
    lens.setStrategy('block');
    expect(state(lens).history.past.length).toBe(4);
    lens.undo();
    expect(state(lens).settings).toMatchObject({ strategy: 'random', seed: '412' });
    lens.undo();
    expect(state(lens).settings).toMatchObject({ seed: '2', ratio: 0.5 });
    lens.undo();
    expect(state(lens).settings.painted.size).toBe(4);
    lens.undo();
    expect(state(lens).settings).toMatchObject({ ratio: 0.75, painted: NOTHING_PAINTED });
    lens.undo();
    for (let i = 0; i < 5; i++) lens.redo();
    expect(state(lens).settings).toMatchObject({ strategy: 'block', seed: '412' });
    expect(state(lens).masking.settings).toBe(state(lens).settings);
  });

  test('two strokes are two steps; a change that changes nothing is none', () => {
    const { lens } = testLens();
    stroke(lens, [0], 'kept');
    stroke(lens, [1], 'kept');
    expect(state(lens).history.past.length).toBe(2);
    lens.setRatio(state(lens).settings.ratio);
    lens.setSeed('2');
    expect(state(lens).history.past.length).toBe(2);
  });

  test('leave the image alone', async () => {
    const { lens } = await readyLens();
    lens.setRatio(0.5);
    lens.endStep();
    await lens.openSample('cup');
    lens.undo();
    expect(state(lens).settings).toMatchObject({ sample: 'cup', ratio: 0.75 });
  });

  test('end with the grid: another model’s patches are others', async () => {
    const { lens, engine } = await readyLens();
    stroke(lens, [190], 'kept');
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ imageSize: 64, patchSize: 16 }));
    await settle();
    expect(state(lens).masking.patches).toBe(16);
    expect(state(lens).settings.painted.size).toBe(0);
    lens.undo();
    expect(state(lens).masking.patches).toBe(16);
    stroke(lens, [15], 'kept');
    expect(isMasked(lens, 15)).toBe(false);
  });
});

describe('a result', () => {
  test('keeps the error of each patch', async () => {
    const { lens } = await readyLens();
    expect(state(lens).result?.patchErrors?.length).toBe(196);
  });
});
