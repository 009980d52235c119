import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { isCurrent, resultStatus } from '../state.ts';
import { answer, modelInfo, readyLens, settle, testLens } from '../testing/fake-engine.ts';

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
