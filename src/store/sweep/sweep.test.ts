import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { MaskInput, Prediction } from '../../engine/model/predictions.ts';
import {
  answer,
  type FakeEngine,
  last,
  modelInfo,
  readyLens,
  settle,
  testLens,
} from '../testing/fake-engine.ts';
import type { SweepKind } from './plan.ts';
import { outdatedBy, type Sweep } from './sweep.ts';

/** Small images, so that a batch is a few numbers: 4 patches of 2 x 2 pixels. */
const SMALL = { imageSize: 4, patchSize: 2 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function ready() {
  const made = testLens();
  made.lens.start();
  made.engine.lastLoad.resolve(modelInfo(SMALL));
  await settle();
  const { lens, engine } = made;
  lens.setRatio(0.5);
  lens.endStep();
  await finishLive(engine);
  await vi.advanceTimersByTimeAsync(1000);
  const sweep = (kind: SweepKind = 'seeds'): Sweep => {
    const found = lens.sweeps.store.getState().sweeps[kind];
    if (found === null) throw new Error('There is no sweep.');
    return found;
  };
  return { lens, engine, sweep };
}

/** Answers the live view until it wants nothing more. */
async function finishLive(engine: FakeEngine): Promise<void> {
  for (let run = -1; run !== engine.runs.length; ) {
    run = engine.runs.length;
    const { input, resolve } = engine.lastRun;
    resolve(answer(input.mask, 0.5, 4));
    await settle();
  }
}

/** Every patch painted in one value. */
function prediction({ mask }: MaskInput, value: number, loss: number): Prediction {
  return {
    patches: new Float32Array(mask.length * 12).fill(value),
    loss,
    patchErrors: new Float32Array(mask.length),
  };
}

/** Answers the batch in flight after some time; the value painted and the loss are `value` for each of its masks. */
async function finishBatch(engine: FakeEngine, ms = 1000, value = (index: number) => index): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  const { input, resolve } = last(engine.batches);
  resolve({
    predictions: input.masks.map((mask, index) => prediction(mask, value(index), value(index))),
    encoderMs: ms / 2,
    decoderMs: ms / 2,
  });
  await settle();
}

describe('a sweep of seeds', () => {
  test('runs every seed, and gives mean, spread and losses', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.setSeeds('seeds', 8);
    lens.sweeps.start('seeds');
    await settle();
    expect(sweep()).toMatchObject({ status: 'running', total: 8, outcomes: [], moments: null });
    expect(engine.batches[0]?.input.imageId).toBe(lens.store.getState().image?.prepared.id);
    for (let i = 0; i < 8; i++) await finishBatch(engine, 1000, () => i);
    expect(sweep()).toMatchObject({ status: 'done', error: null, secondsLeft: null, waiting: null });
    expect(sweep().outcomes).toEqual(
      Array.from({ length: 8 }, (_, i) => ({ seed: String(2 + i), ratio: 0.5, masked: 2, loss: i })),
    );
    const { moments } = sweep();
    const masks = engine.batches.flatMap(({ input }) => input.masks);
    for (let patch = 0; patch < 4; patch++) {
      const values = masks.flatMap(({ mask }, i) => (mask[patch] === 1 ? [i] : []));
      expect(moments?.timesMasked[patch]).toBe(values.length);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(moments?.mean[patch * 12]).toBeCloseTo(mean, 5);
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(moments?.deviation[patch * 3]).toBeCloseTo(Math.sqrt(squares / (values.length - 1)), 5);
    }
  });

  test('takes as many masks at once as a moment allows, and no more than eight', async () => {
    const { lens, engine } = await ready();
    lens.sweeps.setSeeds('seeds', 128);
    lens.sweeps.start('seeds');
    await settle();
    for (const ms of [10, 20, 40, 80, 80, 600, 600]) await finishBatch(engine, ms);
    expect(engine.batches.map(({ input }) => input.masks.length)).toEqual([1, 2, 4, 8, 8, 8, 2, 1]);
  });

  test('tells how long it takes', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.setSeeds('seeds', 8);
    lens.sweeps.start('seeds');
    await settle();
    expect(sweep().secondsLeft).toBeNull();
    await finishBatch(engine, 2000);
    await finishBatch(engine, 2000);
    expect(sweep().secondsLeft).toBeCloseTo(12, 1);
  });

  test('goes on with its settings when the ones on the stage change, and says that they did', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.setSeeds('seeds', 8);
    lens.sweeps.start('seeds');
    await settle();
    lens.setRatio(0.25);
    expect(outdatedBy(sweep(), lens.store.getState())).toBe('settings');
    await finishBatch(engine);
    await finishLive(engine);
    await finishBatch(engine);
    expect(sweep().outcomes.map(({ masked }) => masked)).toEqual([2, 2]);
    lens.setRatio(0.5);
    expect(outdatedBy(sweep(), lens.store.getState())).toBeNull();
  });

  test('does not start where all runs would be the same', async () => {
    const { lens, engine } = await ready();
    lens.setStrategy('checkerboard');
    expect(lens.sweeps.blocked('seeds')).toBe('no-seed');
    lens.sweeps.start('seeds');
    await settle();
    expect(engine.batches).toEqual([]);
    expect(lens.sweeps.store.getState().sweeps.seeds).toBeNull();
  });

  test('waits for image and model', async () => {
    const { lens, engine } = testLens();
    expect(lens.sweeps.blocked('seeds')).toBe('no-image');
    lens.start();
    await settle();
    expect(lens.sweeps.blocked('seeds')).toBe('no-model');
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(lens.sweeps.blocked('seeds')).toBeNull();
  });
});

describe('a sweep of ratios', () => {
  test('runs every ratio with every seed, those of one length together', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.setSeeds('ratios', 3);
    lens.sweeps.start('ratios');
    await settle();
    expect(lens.sweeps.blocked('seeds')).toBe('running');
    while (sweep('ratios').status === 'running') await finishBatch(engine, 10);
    expect(sweep('ratios')).toMatchObject({ status: 'done', total: 57, moments: null });
    for (const { input } of engine.batches) {
      expect(new Set(input.masks.map(({ idsKeep }) => idsKeep.length)).size).toBe(1);
    }
    const runs = sweep('ratios').outcomes.map(({ ratio, seed }) => `${ratio} ${seed}`);
    expect(new Set(runs).size).toBe(57);
  });

  test('does not go out of date when the slider moves', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('ratios');
    await settle();
    await finishBatch(engine);
    lens.setRatio(0.9);
    expect(outdatedBy(sweep('ratios'), lens.store.getState())).toBeNull();
    lens.setSeed('7');
    expect(outdatedBy(sweep('ratios'), lens.store.getState())).toBe('settings');
  });
});

describe('the live view', () => {
  test('comes first: no batch begins while it has a run in flight or the hand moves', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    lens.setRatio(0.75);
    lens.setRatio(0.25);
    await finishBatch(engine);
    expect(engine.batches.length).toBe(1);
    expect(sweep().waiting).toBe('live');
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.batches.length).toBe(1);
    // Two changes, one job in place of the other.
    const runs = engine.runs.length;
    await finishLive(engine);
    expect(engine.runs.length).toBe(runs + 1);
    expect(engine.batches.length).toBe(2);
    expect(sweep()).toMatchObject({ waiting: null });
    expect(sweep().outcomes.length).toBe(1);
  });

  test('gets its run while a batch is in flight, and the hand is given time to rest', async () => {
    const { lens, engine } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    const runs = engine.runs.length;
    lens.setRatio(0.25);
    expect(engine.runs.length).toBe(runs + 1);
    await finishLive(engine);
    await finishBatch(engine, 100);
    expect(engine.batches.length).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(engine.batches.length).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(engine.batches.length).toBe(2);
  });
});

describe('an end before the end', () => {
  test('by hand: the batch in flight still counts, nothing follows', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    await finishBatch(engine);
    lens.sweeps.cancel();
    expect(sweep().status).toBe('cancelling');
    await finishBatch(engine);
    expect(sweep()).toMatchObject({ status: 'cancelled', total: 32 });
    expect(sweep().outcomes.length).toBe(2);
    expect(sweep().moments).not.toBeNull();
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.batches.length).toBe(2);
    expect(lens.sweeps.blocked('seeds')).toBeNull();
  });

  test('by hand while it waits: at once', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    lens.setRatio(0.25);
    await finishBatch(engine);
    lens.sweeps.cancel();
    expect(sweep()).toMatchObject({ status: 'cancelled', waiting: null });
    expect(sweep().outcomes.length).toBe(1);
    await finishLive(engine);
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.batches.length).toBe(1);
  });

  test('by another image: what was done stays and says whose it is; a late answer changes nothing', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    await finishBatch(engine);
    await lens.openSample('cup');
    expect(sweep()).toMatchObject({ status: 'overtaken', image: { name: 'Cat' } });
    expect(outdatedBy(sweep(), lens.store.getState())).toBe('image');
    await finishBatch(engine);
    expect(sweep().outcomes.length).toBe(1);
    await finishLive(engine);
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.batches.length).toBe(2);
    lens.sweeps.start('seeds');
    await settle();
    expect(sweep()).toMatchObject({ status: 'running', outcomes: [], image: { name: 'Cup' } });
  });

  test('by another model: runs of two models never mix', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    await finishBatch(engine);
    lens.loadModel({ kind: 'files', name: 'Other', files: [] });
    // Whose answer this is cannot be told: it does not count, and nothing is asked until the model is known.
    await finishBatch(engine);
    expect(sweep()).toMatchObject({ status: 'running', waiting: 'model' });
    expect(sweep().outcomes.length).toBe(1);
    engine.lastLoad.resolve(modelInfo({ ...SMALL, name: 'Other' }));
    await settle();
    expect(sweep()).toMatchObject({ status: 'overtaken', model: { name: 'Test model' } });
    expect(outdatedBy(sweep(), lens.store.getState())).toBe('model');
    expect(engine.batches.length).toBe(2);
  });

  test('not by a model that failed to load: the run that was left out is made again', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    lens.loadModel({ kind: 'files', name: 'Other', files: [] });
    await finishBatch(engine);
    engine.lastLoad.reject(new LensError('checkpoint-malformed', 'It is broken.'));
    await settle();
    expect(sweep()).toMatchObject({ status: 'running', outcomes: [] });
    expect(engine.batches[1]?.input.masks).toEqual(engine.batches[0]?.input.masks);
    await finishBatch(engine);
    expect(sweep().outcomes.length).toBe(1);
  });

  test('not by the same model on another device', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    await finishBatch(engine);
    lens.setDevice('wasm');
    await finishBatch(engine);
    engine.lastLoad.resolve(modelInfo(SMALL));
    await settle();
    await finishLive(engine);
    await vi.advanceTimersByTimeAsync(300);
    await finishBatch(engine);
    expect(sweep().status).toBe('running');
    expect(sweep().outcomes.length).toBe(2);
  });

  test('by a failure: what was done stays, with the reason', async () => {
    const { lens, engine, sweep } = await ready();
    lens.sweeps.start('seeds');
    await settle();
    await finishBatch(engine);
    last(engine.batches).reject(new LensError('out-of-memory', 'There is not enough memory.'));
    await settle();
    expect(sweep()).toMatchObject({
      status: 'failed',
      error: { code: 'out-of-memory', message: 'There is not enough memory.' },
    });
    expect(sweep().outcomes.length).toBe(1);
    expect(lens.sweeps.blocked('seeds')).toBeNull();
  });
});

test('the live view’s own run is not the sweep’s: both answer for the same image', async () => {
  const { lens, engine } = await readyLens();
  lens.sweeps.start('seeds');
  await vi.advanceTimersByTimeAsync(300);
  expect(engine.batches[0]?.input.masks[0]?.mask).toEqual(lens.store.getState().masking.mask);
});
