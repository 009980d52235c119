import { describe, expect, test } from 'vitest';
import { LensError } from '../base/errors.ts';
import type { Precomputed } from './result/precomputed.ts';
import { isCurrent, resultStatus, shownResult } from './state.ts';
import {
  answer,
  FakeStorage,
  file,
  last,
  modelInfo,
  NOT_A_IMAGE,
  readyLens,
  settle,
  testLens,
} from './testing/fake-engine.ts';

const AHEAD: Precomputed = {
  modelName: 'Ahead',
  settings: { ratio: 0.75, seed: '2', generator: 'torch', sample: 'cat' },
  geometry: { image_size: 224, patch_size: 16 },
  loss: 0.9,
  reconstruction: new Uint8ClampedArray(224 * 224 * 3),
};

describe('masks', () => {
  test('follow the ratio in the same call', async () => {
    const { lens } = await readyLens();
    let seenByListener = -1;
    lens.store.subscribe((state) => {
      seenByListener = state.masking.seen;
    });
    lens.setRatio(0.5);
    expect(seenByListener).toBe(98);
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
    expect(lens.store.getState().masking.seen).toBe(196);
    lens.setRatio(1);
    expect(lens.store.getState().masking.seen).toBe(0);
  });
});

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

describe('images', () => {
  test('an error keeps the image and its result; the next try works', async () => {
    const { lens, engine } = await readyLens();
    engine.refused.set('notes.txt', NOT_A_IMAGE);
    await lens.openFiles([file('notes.txt')], 'samples');
    const state = lens.store.getState();
    expect(state.notice).toMatchObject({ kind: 'error', text: NOT_A_IMAGE.message, place: 'samples' });
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
    expect(lens.store.getState().notice?.text).toContain('3 files');
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
    expect(last(engine.prepared).imageSize).toBe(112);
    expect(image?.name).toBe('Cat');
    expect(image?.prepared.imageSize).toBe(112);
    expect(masking.patches).toBe(64);
    expect(engine.lastRun.input.mask.mask.length).toBe(64);
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
    expect(state.draft?.problem).toContain('4294967295');
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
    expect(lens.store.getState().masking).toMatchObject({ seen: 98, settings: { seed: '2' } });
    expect(lens.store.getState().draft?.problem).toContain('whole number');
  });

  test('as large as PyTorch takes them are exact', () => {
    const { lens } = testLens();
    lens.setSeed('18446744073709551615');
    expect(lens.store.getState().draft).toBeNull();
    const largest = lens.store.getState().masking.mask;
    lens.setSeed('-1');
    expect(lens.store.getState().masking.mask).toEqual(largest);
    lens.setSeed('18446744073709551616');
    expect(lens.store.getState().draft?.problem).toContain('2^64');
  });

  test('new ones differ from the old one', () => {
    const numbers = [0.0002, 0.0002, 0.7];
    const { lens } = testLens({ random: () => numbers.shift() ?? 0 });
    lens.newSeed();
    expect(lens.store.getState().settings.seed).toBe('7000');
  });
});

describe('the model', () => {
  test('fails, loses nothing, and is tried again', async () => {
    const { lens, engine } = testLens();
    lens.start();
    await settle();
    const error = new LensError('network', 'The connection failed.');
    engine.lastLoad.input.onPhase({ phase: 'failed', error });
    engine.lastLoad.reject(error);
    await settle();
    const { model, image } = lens.store.getState();
    expect(model.phase).toEqual({ phase: 'failed', error });
    expect(image?.name).toBe('Cat');
    lens.setRatio(0.4);
    lens.retry();
    expect(engine.loads.length).toBe(2);
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(lens.store.getState().model.phase.phase).toBe('ready');
    expect(engine.lastRun.input.mask.idsKeep.length).toBe(117);
  });

  test('stays in use while and after another device fails', async () => {
    const { lens, engine } = await readyLens();
    lens.setDevice('webgpu');
    expect(engine.lastLoad.input.device).toBe('webgpu');
    lens.setRatio(0.5);
    engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.25));
    await settle();
    expect(lens.store.getState().result?.loss).toBe(0.25);
    engine.lastLoad.reject(new LensError('device-unavailable', 'No WebGPU here.'));
    await settle();
    expect(lens.store.getState().model).toMatchObject({
      phase: { phase: 'failed' },
      info: { name: 'Test model' },
    });
    expect(isCurrent(lens.store.getState())).toBe(true);
  });

  test('an earlier load has no say once a later one began', async () => {
    const { lens, engine } = testLens();
    lens.start();
    const first = engine.lastLoad;
    lens.setDevice('wasm');
    first.input.onPhase({ phase: 'compiling' });
    first.reject(new LensError('engine-failed', 'Too late.'));
    await settle();
    expect(lens.store.getState().model.phase.phase).toBe('loading');
  });

  test('a new one paints again what the old one painted', async () => {
    const { lens, engine } = await readyLens();
    const before = engine.runs.length;
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ preprocessor: modelInfo().preprocessor }));
    await settle();
    expect(engine.runs.length).toBe(before + 1);
    expect(resultStatus(lens.store.getState())).toBe('catching-up');
  });
});

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
    engine.refused.set('sample/cat', NOT_A_IMAGE);
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

describe('preferences', () => {
  test('outlive the visit', () => {
    const storage = new FakeStorage();
    const first = testLens({ storage }).lens;
    first.setTheme('dark');
    first.setDevice('wasm');
    first.setShortcuts(false);
    const { view, model } = testLens({ storage }).lens.store.getState();
    expect(view).toMatchObject({ theme: 'dark', shortcuts: false });
    expect(model.wantedDevice).toBe('wasm');
  });

  test('of an unknown kind, or in a storage that refuses, are as if absent', () => {
    const storage = new FakeStorage();
    storage.setItem('mae-lens:theme', 'pink');
    expect(testLens({ storage }).lens.store.getState().view.theme).toBe('system');
    const refusing = {
      getItem: () => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    };
    const { lens } = testLens({ storage: refusing });
    lens.setTheme('light');
    expect(lens.store.getState().view.theme).toBe('light');
  });
});
