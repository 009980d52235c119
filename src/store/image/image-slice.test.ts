import { describe, expect, test } from 'vitest';
import { shownResult } from '../state.ts';
import { file, last, modelInfo, NOT_AN_IMAGE, readyLens, settle, testLens } from '../testing/fake-engine.ts';
import { told } from '../testing/told.ts';

describe('images', () => {
  test('an error keeps the image and its result; the next try works', async () => {
    const { lens, engine } = await readyLens();
    engine.refused.set('notes.txt', NOT_AN_IMAGE);
    await lens.openFiles([file('notes.txt')], 'samples');
    const state = lens.store.getState();
    expect(state.notice).toMatchObject({ kind: 'error', place: 'samples' });
    expect(told(lens)).toBe(NOT_AN_IMAGE.message);
    expect(state.image?.name).toBe('Cat');
    expect(state.settings.sample).toBe('cat');
    expect(shownResult(state)?.loss).toBe(0.5);
    await lens.openFiles([file('good.png')], 'samples');
    expect(lens.store.getState().image?.name).toBe('good.png');
    expect(lens.store.getState().notice).toBeNull();
    expect(lens.store.getState().settings.sample).toBeNull();
  });

  test('of several files the first is taken, and that is said', async () => {
    const { lens } = await readyLens();
    await lens.openFiles([file('a.png'), file('b.png'), file('c.png')], 'stage');
    expect(lens.store.getState().image?.name).toBe('a.png');
    expect(lens.store.getState().notice).toMatchObject({ kind: 'note', place: 'stage' });
    expect(told(lens)).toContain('3 files');
  });

  test('the image chosen last wins, however long the others take', async () => {
    let release: (blob: Blob) => void = () => {};
    const { lens } = testLens({
      fetchSample: (sample) =>
        sample.id === 'cat'
          ? new Promise((resolve) => {
              release = resolve;
            })
          : Promise.resolve(new Blob(['x'])),
    });
    const slow = lens.openSample('cat');
    await lens.openSample('cup');
    release(new Blob(['x']));
    await slow;
    expect(lens.store.getState().image?.name).toBe('Cup');
    expect(lens.store.getState().settings.sample).toBe('cup');
  });

  test('is prepared again for a model of another size, and stays the same image', async () => {
    const { lens, engine } = await readyLens();
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ imageSize: 112, patchSize: 14 }));
    await settle();
    const { image, masking } = lens.store.getState();
    expect(last(engine.prepared).geometry.patchSize).toBe(14);
    expect(image?.name).toBe('Cat');
    expect(image?.prepared.geometry.grid).toEqual({ rows: 8, columns: 8 });
    expect(masking.patches).toBe(64);
    expect(engine.lastRun.input.mask.mask.length).toBe(64);
  });
});
