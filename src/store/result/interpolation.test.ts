import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Interpolation } from '../../engine/engine.ts';
import type { Lens } from '../lens.ts';
import { DEFAULT_GEOMETRY } from '../mask/masking.ts';
import {
  answer,
  type FakeEngine,
  file,
  last,
  modelInfo,
  readyLens,
  settle,
  testLens,
} from '../testing/fake-engine.ts';
import { comparableInterpolation, isInterpolationCurrent, shownInterpolation } from './interpolation.ts';

const state = (lens: Lens) => lens.store.getState();

function answerTo(mask: Uint8Array, loss: number): Interpolation {
  return {
    panel: new Uint8ClampedArray(224 * 224 * 3),
    loss,
    patchErrors: new Float32Array(mask.length),
    ms: 5,
  };
}

async function resolveLast(engine: FakeEngine, loss = 0.4): Promise<void> {
  const asked = last(engine.interpolations);
  asked.resolve(answerTo(asked.input.mask, loss));
  await settle();
}

async function shown(): Promise<{ lens: Lens; engine: FakeEngine }> {
  const made = await readyLens();
  made.lens.toggleInterpolation();
  await settle();
  return made;
}

test('nothing is asked for while it is not shown', async () => {
  const { lens, engine } = await readyLens();
  lens.setRatio(0.5);
  expect(engine.interpolations).toEqual([]);
  expect(shownInterpolation(state(lens))).toBeNull();
});

test('is that of image, mask and geometry, and is kept with them', async () => {
  const { lens, engine } = await shown();
  const { input } = last(engine.interpolations);
  expect(input).toMatchObject({
    imageId: state(lens).image?.prepared.id,
    mask: state(lens).masking.mask,
    geometry: { ...DEFAULT_GEOMETRY, norm_pix_loss: false },
  });
  expect(isInterpolationCurrent(state(lens))).toBe(false);
  await resolveLast(engine, 0.4);
  expect(isInterpolationCurrent(state(lens))).toBe(true);
  expect(comparableInterpolation(state(lens))).toMatchObject({ loss: 0.4, masking: state(lens).masking });
  lens.toggleInterpolation();
  expect(shownInterpolation(state(lens))).toBeNull();
  lens.toggleInterpolation();
  await settle();
  // What is known is not asked for again.
  expect(engine.interpolations.length).toBe(1);
  expect(shownInterpolation(state(lens))?.loss).toBe(0.4);
});

test('needs no model', async () => {
  const { lens, engine } = testLens();
  lens.start();
  await settle();
  lens.toggleInterpolation();
  await resolveLast(engine);
  expect(state(lens).model.info).toBeNull();
  expect(isInterpolationCurrent(state(lens))).toBe(true);
});

test('follows the mask: one at a time, the newest next', async () => {
  const { lens, engine } = await shown();
  for (let ratio = 70; ratio >= 40; ratio--) lens.setRatio(ratio / 100);
  expect(engine.interpolations.length).toBe(1);
  await resolveLast(engine, 0.4);
  expect(engine.interpolations.length).toBe(2);
  expect(last(engine.interpolations).input.mask).toEqual(state(lens).masking.mask);
  // Until then the first is shown, for what it is, and compared with nothing of another mask.
  expect(shownInterpolation(state(lens))?.masking.kept).toBe(49);
  const run = engine.lastRun;
  run.resolve(answer(run.input.mask, 0.3));
  await settle();
  await resolveLast(engine, 0.2);
  expect(isInterpolationCurrent(state(lens))).toBe(true);
  expect(engine.interpolations.length).toBe(2);
});

test('a late answer does not replace the right one', async () => {
  const { lens, engine } = await shown();
  await resolveLast(engine, 0.4);
  lens.setRatio(0.5);
  lens.endStep();
  const late = last(engine.interpolations);
  lens.undo();
  late.resolve(answerTo(late.input.mask, 0.9));
  await settle();
  expect(shownInterpolation(state(lens))?.loss).toBe(0.4);
  expect(isInterpolationCurrent(state(lens))).toBe(true);
});

test('belongs to its image', async () => {
  const { lens, engine } = await shown();
  await resolveLast(engine);
  await lens.openFiles([file('other.png')], 'samples');
  expect(shownInterpolation(state(lens))).toBeNull();
  expect(last(engine.interpolations).input.imageId).toBe(state(lens).image?.prepared.id);
});

test('a model trained on normalised patches has it in its own space', async () => {
  const { lens, engine } = await shown();
  await resolveLast(engine);
  lens.setDevice('wasm');
  const { config } = modelInfo();
  engine.lastLoad.resolve(modelInfo({ config: { ...config, norm_pix_loss: true } }));
  await settle();
  expect(last(engine.interpolations).input.geometry.norm_pix_loss).toBe(true);
  expect(comparableInterpolation(state(lens))).not.toBeNull();
  const run = engine.lastRun;
  run.resolve(answer(run.input.mask, 0.5));
  await settle();
  // The model's loss is in the new space already, the interpolation's not yet.
  expect(comparableInterpolation(state(lens))).toBeNull();
  await resolveLast(engine, 0.8);
  expect(comparableInterpolation(state(lens))?.loss).toBe(0.8);
});

describe('a failure', () => {
  async function failed() {
    const made = await shown();
    last(made.engine.interpolations).reject(new LensError('out-of-memory', 'No memory is left.'));
    await settle();
    return made;
  }

  test('is told, and is not tried again by itself', async () => {
    const { lens, engine } = await failed();
    expect(state(lens).interpolationFailure?.error.message).toBe('No memory is left.');
    lens.pointAt(3);
    await settle();
    expect(engine.interpolations.length).toBe(1);
  });

  test('can be tried again, by hand or by another mask', async () => {
    const { lens, engine } = await failed();
    lens.retry();
    await settle();
    expect(engine.interpolations.length).toBe(2);
    last(engine.interpolations).reject(new LensError('out-of-memory', 'No memory is left.'));
    await settle();
    lens.setRatio(0.5);
    await resolveLast(engine);
    expect(state(lens).interpolationFailure).toBeNull();
    expect(isInterpolationCurrent(state(lens))).toBe(true);
  });
});
