import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { isCurrent, resultStatus, shownResult } from '../state.ts';
import { answer, file, modelInfo, readyLens, settle, testLens } from '../testing/fake-engine.ts';
import { AHEAD } from '../testing/precomputed.ts';
import type { Precomputed } from './precomputed.ts';

describe('runs', () => {
  test('one at a time, the newest next, those between never', async () => {
    const { lens, engine } = await readyLens();
    const before = engine.runs.length;
    for (const ratio of [0.1, 0.2, 0.3, 0.4]) lens.setRatio(ratio);
    expect(engine.runs.length).toBe(before + 1);
    const first = engine.lastRun;
    first.resolve(answer(first.input.mask, 0.1));
    await settle();
    expect(engine.runs.length).toBe(before + 2);
    expect(engine.lastRun.input.mask.idsKeep.length).toBe(117);
  });

  test('a late result is shown with its own settings and not as current', async () => {
    const { lens, engine } = await readyLens();
    lens.setRatio(0.3);
    const slow = engine.lastRun;
    lens.setRatio(0.6);
    slow.resolve(answer(slow.input.mask, 0.33));
    await settle();
    const state = lens.store.getState();
    expect(shownResult(state)?.masking.settings.ratio).toBe(0.3);
    expect(isCurrent(state)).toBe(false);
    expect(resultStatus(state)).toBe('catching-up');
    engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.66));
    await settle();
    expect(resultStatus(lens.store.getState())).toBeNull();
    expect(lens.store.getState().result?.loss).toBe(0.66);
  });

  test('a late result never replaces the right one', async () => {
    const { lens, engine } = await readyLens();
    lens.setRatio(0.3);
    const late = engine.lastRun;
    lens.setRatio(0.75);
    expect(isCurrent(lens.store.getState())).toBe(true);
    late.resolve(answer(late.input.mask, 0.33));
    await settle();
    expect(lens.store.getState().result?.loss).toBe(0.5);
    expect(isCurrent(lens.store.getState())).toBe(true);
  });

  test('a result for the image before is dropped', async () => {
    const { lens, engine } = await readyLens();
    lens.setRatio(0.3);
    const old = engine.lastRun;
    await lens.openFiles([file('new.png')], 'stage');
    expect(shownResult(lens.store.getState())).toBeNull();
    old.resolve(answer(old.input.mask, 0.33));
    await settle();
    expect(shownResult(lens.store.getState())).toBeNull();
    expect(engine.lastRun.input.imageId).toBe(lens.store.getState().image?.prepared.id);
  });

  test('a failure keeps what was painted, and trying again works', async () => {
    const { lens, engine } = await readyLens();
    lens.setRatio(0.3);
    engine.lastRun.reject(new LensError('out-of-memory', 'Not enough memory.'));
    await settle();
    expect(resultStatus(lens.store.getState())).toBe('failed');
    expect(lens.store.getState().resultError?.message).toBe('Not enough memory.');
    expect(lens.store.getState().result?.loss).toBe(0.5);
    lens.retry();
    engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.4));
    await settle();
    expect(resultStatus(lens.store.getState())).toBeNull();
  });

  test('a cancelled run is no failure', async () => {
    const { lens, engine } = await readyLens();
    lens.setRatio(0.3);
    engine.lastRun.reject(new LensError('cancelled', 'Superseded.'));
    await settle();
    expect(lens.store.getState().resultError).toBeNull();
  });
});

describe('results computed ahead', () => {
  test('are shown until the live model takes over', async () => {
    const { lens, engine } = testLens({ fetchPrecomputed: () => Promise.resolve(AHEAD) });
    lens.start();
    await settle();
    expect(resultStatus(lens.store.getState())).toBe('precomputed');
    expect(shownResult(lens.store.getState())?.loss).toBe(0.9);
    lens.setRatio(0.5);
    expect(resultStatus(lens.store.getState())).toBe('waiting-for-model');
    lens.setRatio(0.75);
    expect(resultStatus(lens.store.getState())).toBe('precomputed');
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(shownResult(lens.store.getState())?.loss).toBe(0.9);
    engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.4));
    await settle();
    expect(resultStatus(lens.store.getState())).toBeNull();
    expect(shownResult(lens.store.getState())?.loss).toBe(0.4);
  });

  test('are not needed: the page works without', async () => {
    const { lens } = testLens({ fetchPrecomputed: () => Promise.reject(new Error('gone')) });
    lens.start();
    await settle();
    expect(lens.store.getState().image?.name).toBe('Cat');
    expect(resultStatus(lens.store.getState())).toBe('waiting-for-model');
  });

  test('never cover an image that was chosen since', async () => {
    let release: (ahead: Precomputed) => void = () => {};
    const { lens } = testLens({
      fetchPrecomputed: () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    });
    const opening = lens.openSample('cat');
    await settle();
    await lens.openFiles([file('mine.png')], 'stage');
    release(AHEAD);
    await opening;
    expect(shownResult(lens.store.getState())).toBeNull();
  });
});
