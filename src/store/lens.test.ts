import { describe, expect, test } from 'vitest';
import { resultStatus } from './state.ts';
import { modelInfo, NOT_AN_IMAGE, settle, testLens } from './testing/fake-engine.ts';
import { AHEAD } from './testing/precomputed.ts';

describe('a visit begins with one run', () => {
  test('when the image is there first', async () => {
    const { lens, engine } = testLens();
    lens.start();
    await settle();
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(engine.runs.length).toBe(1);
    expect(engine.lastRun.input.imageId).toBe(lens.store.getState().image?.prepared.id);
  });

  test('when the model is there first', async () => {
    let release: (blob: Blob) => void = () => {};
    const { lens, engine } = testLens({
      fetchSample: () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    });
    lens.start();
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(engine.runs.length).toBe(0);
    release(new Blob(['x']));
    await settle();
    expect(engine.runs.length).toBe(1);
    expect(engine.prepared.length).toBe(1);
  });
});

describe('the first model', () => {
  /** A page that lets its model begin when the test says so. */
  function waiting() {
    let begin = () => {};
    let opened = false;
    const made = testLens({
      fetchPrecomputed: () => Promise.resolve(AHEAD),
      beforeModel: async (image) => {
        await image;
        opened = true;
        await new Promise<void>((resolve) => {
          begin = resolve;
        });
      },
    });
    return { ...made, begin: () => begin(), opened: () => opened };
  }

  test('is not asked for before the first image and its result are on the stage', async () => {
    const { lens, engine, begin, opened } = waiting();
    lens.start();
    expect(opened()).toBe(false);
    await settle();
    expect(opened()).toBe(true);
    expect(resultStatus(lens.store.getState())).toBe('precomputed');
    expect(engine.loads.length).toBe(0);
    begin();
    await settle();
    expect(engine.loads.length).toBe(1);
  });

  test('comes too when the image does not', async () => {
    const { lens, engine, begin } = waiting();
    engine.refused.set('sample/cat', NOT_AN_IMAGE);
    lens.start();
    await settle();
    begin();
    await settle();
    expect(engine.loads.length).toBe(1);
  });

  test('is not loaded over one that the visitor asked for meanwhile', async () => {
    const { lens, engine, begin } = waiting();
    lens.start();
    await settle();
    lens.setDevice('wasm');
    begin();
    await settle();
    expect(engine.loads.map(({ input }) => input.device)).toEqual(['wasm']);
  });
});
