import { expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { DeviceReport, Fidelity, ModelSource } from '../../engine/engine.ts';
import { LARGE_MODEL } from '../../runtime/device/precision.ts';
import { betterPrecision, knownFidelity, precisionFor, precisionObstacle } from './agreement.ts';
import type { LensOptions } from '../lens.ts';
import { FakeStorage, last, modelInfo, settle, testLens } from '../testing/fake-engine.ts';

const fidelity: Fidelity = {
  precision: 'int8',
  lowestPsnr: 46,
  meanPsnr: 47,
  lossDifference: 0.001,
  runs: 6,
};

function device(change: Partial<DeviceReport> = {}): DeviceReport {
  return { ...modelInfo().device, ...change };
}

/** A lens with a large model on its device, and the cat on the stage. */
async function large(report: Partial<DeviceReport> = {}, options: Partial<LensOptions> = {}) {
  const made = testLens(options);
  const { lens, engine } = made;
  const info = modelInfo({ parameters: LARGE_MODEL, bytes: 4 * LARGE_MODEL, device: device(report) });
  lens.start();
  engine.lastLoad.resolve(info);
  await settle();
  return { ...made, info, state: lens.store.getState };
}

/** Measures, with this answer. */
async function measure(
  { lens, engine }: Pick<Awaited<ReturnType<typeof large>>, 'lens' | 'engine'>,
  change: Partial<Fidelity> = {},
) {
  const measuring = lens.measureFidelity();
  last(engine.comparisons).resolve({ ...fidelity, ...change });
  await measuring;
}

test('the choice is kept, and goes to the engine with every load', async () => {
  const storage = new FakeStorage();
  const { lens, engine } = await large({}, { storage });
  expect(engine.lastLoad.input.precision).toBe('auto');
  lens.setPrecision('int8');
  expect(engine.lastLoad.input.precision).toBe('int8');
  const again = testLens({ storage });
  expect(again.lens.store.getState().model.wantedPrecision).toBe('int8');
  again.lens.start();
  expect(again.engine.lastLoad.input.precision).toBe('int8');
  storage.values.set('mae-lens:precision', 'float8');
  expect(testLens({ storage }).lens.store.getState().model.wantedPrecision).toBe('auto');
});

test('a choice that changes nothing loads nothing', async () => {
  const { lens, engine, state } = await large();
  lens.setPrecision('float32');
  lens.setPrecision('float16');
  expect(engine.loads).toHaveLength(1);
  expect(state().model.wantedPrecision).toBe('float16');
  expect(precisionObstacle(state().model)).toMatch(/float16 is for WebGPU.*runs in float32 instead/);
  lens.setPrecision('auto');
  expect(engine.loads).toHaveLength(1);
  expect(precisionObstacle(state().model)).toBeNull();
});

test('what only the graphics device can tell is found out by loading', async () => {
  const { lens, engine, state } = await large({ kind: 'webgpu', label: 'WebGPU' });
  lens.setPrecision('float32');
  expect(engine.loads).toHaveLength(1);
  expect(precisionFor('auto', state())).toBeNull();
  lens.setPrecision('auto');
  expect(engine.loads).toHaveLength(2);
  engine.lastLoad.resolve(
    modelInfo({
      parameters: LARGE_MODEL,
      device: device({ kind: 'webgpu', precisionReason: 'This graphics device cannot.' }),
    }),
  );
  await settle();
  lens.setPrecision('float16');
  expect(engine.loads).toHaveLength(3);
  engine.lastLoad.resolve(
    modelInfo({ device: device({ kind: 'webgpu', precisionReason: 'This graphics device cannot.' }) }),
  );
  await settle();
  expect(precisionObstacle(state().model)).toBe('This graphics device cannot.');
});

test('int8 is measured on the image on the stage, and offered where it is close enough', async () => {
  const made = await large();
  const { lens, engine, state, info } = made;
  expect(knownFidelity(state())).toEqual([]);
  const measuring = lens.measureFidelity();
  const { imageId, masks, onStep } = last(engine.comparisons).input;
  expect(imageId).toBe(state().image?.prepared.id);
  expect(masks.map(({ idsKeep }) => idsKeep.length)).toEqual([49, 49, 49, 49, 98, 19]);
  expect(new Set(masks.map(({ mask }) => mask.join(''))).size).toBe(6);
  onStep({ phase: 'comparing', run: 2, runs: 6 });
  expect(state().fidelity.measuring).toEqual({
    precision: 'int8',
    second: 'int8',
    step: { phase: 'comparing', run: 2, runs: 6 },
  });
  expect(betterPrecision(state())).toBeNull();
  last(engine.comparisons).resolve(fidelity);
  await measuring;
  expect(state().fidelity.measuring).toBeNull();
  expect(knownFidelity(state())).toMatchObject([{ model: info.name, lowestPsnr: 46, runs: 6 }]);
  // Not by itself.
  expect(engine.loads).toHaveLength(1);
  expect(betterPrecision(state())).toBe('int8');
  const { inUse } = state().model;
  if (inUse === null) throw new Error('No model is in use.');
  lens.loadModel(inUse);
  expect(engine.lastLoad.input.closeness).toEqual([
    { parameters: info.parameters, bytes: info.bytes, closeness: { int8: 46 } },
  ]);
});

test('int8 that is further off is not offered, nor is any to who chose by hand', async () => {
  const far = await large();
  await measure(far, { lowestPsnr: 39.9 });
  expect(betterPrecision(far.state())).toBeNull();
  const chosen = await large();
  chosen.lens.setPrecision('float32');
  await measure(chosen);
  expect(betterPrecision(chosen.state())).toBeNull();
});

test('float16 that automatic took and that was found far off is offered to be left', async () => {
  const made = await large({ kind: 'webgpu', precision: 'float16' });
  expect(betterPrecision(made.state())).toBeNull();
  await measure(made, { precision: 'float16', lowestPsnr: 33 });
  expect(betterPrecision(made.state())).toBe('float32');
});

test('measurements are kept between visits, worst case and runs of all together', async () => {
  const storage = new FakeStorage();
  const made = await large({}, { storage });
  await measure(made);
  await measure(made, { lowestPsnr: 44 });
  const next = await large({}, { storage });
  expect(knownFidelity(next.state())).toMatchObject([{ lowestPsnr: 44, runs: 12, on: 'stage' }]);
  expect(next.engine.loads[0]?.input.closeness).toMatchObject([{ closeness: { int8: 44 } }]);
});

test('other weights of that name are not known', async () => {
  const storage = new FakeStorage();
  await measure(await large({}, { storage }));
  const { lens, engine } = testLens({ storage });
  lens.start();
  engine.lastLoad.resolve(modelInfo({ parameters: LARGE_MODEL + 1, bytes: 4 * LARGE_MODEL }));
  await settle();
  expect(knownFidelity(lens.store.getState())).toEqual([]);
});

test('own files are known for this visit only', async () => {
  const storage = new FakeStorage();
  const source: ModelSource = { kind: 'files', name: 'Test model', files: [] };
  const made = await large({}, { storage, source });
  await measure(made);
  expect(knownFidelity(made.state())).toHaveLength(1);
  expect(storage.values.get('mae-lens:fidelity')).toBe('[]');
  made.lens.loadModel({ ...source });
  expect(made.engine.lastLoad.input.closeness).toEqual([]);
});

test('a browser keeps the last forty', async () => {
  const storage = new FakeStorage();
  for (let i = 0; i < 42; i++) {
    const { lens, engine } = testLens({ storage });
    lens.start();
    engine.lastLoad.resolve(modelInfo({ bytes: 100 + i }));
    await settle();
    await measure({ lens, engine });
  }
  const kept: { bytes: number }[] = JSON.parse(storage.values.get('mae-lens:fidelity') ?? '');
  expect(kept.map(({ bytes }) => bytes)).toEqual(Array.from({ length: 40 }, (_, i) => 102 + i));
});

test('one at a time; cancelling ends it and leaves nothing behind', async () => {
  const { lens, engine, state } = await large();
  const measuring = lens.measureFidelity();
  void lens.measureFidelity();
  expect(engine.comparisons).toHaveLength(1);
  lens.cancelMeasurement();
  await measuring;
  expect(last(engine.comparisons).input.signal?.aborted).toBe(true);
  expect(state().fidelity).toMatchObject({ measuring: null, measured: null, problem: null });
  void lens.measureFidelity();
  expect(engine.comparisons).toHaveLength(2);
});

test('loading another model ends it', async () => {
  const { lens, engine, state } = await large();
  void lens.measureFidelity();
  lens.setDevice('wasm');
  expect(last(engine.comparisons).input.signal?.aborted).toBe(true);
  await settle();
  expect(state().fidelity.measuring).toBeNull();
});

test.each([
  ['out-of-memory', /The int8 copy does not fit.*Close other tabs/],
  ['worker-died', /The int8 copy stopped.*Close other tabs/],
  ['network', /^Are you online\?$/],
] as const)('a failure (%s) says what to do, and is dismissed', async (code, words) => {
  const { lens, engine, state } = await large();
  const measuring = lens.measureFidelity();
  last(engine.comparisons).reject(new LensError(code, 'Are you online?'));
  await measuring;
  expect(state().fidelity.problem?.message).toMatch(words);
  expect(state().fidelity.measuring).toBeNull();
  lens.dismissMeasurementProblem();
  expect(state().fidelity.problem).toBeNull();
});

test('without an image or a model there is nothing to measure', async () => {
  const { lens, engine } = testLens({ samples: [] });
  await lens.measureFidelity();
  lens.start();
  engine.lastLoad.resolve(modelInfo());
  await settle();
  await lens.measureFidelity();
  expect(engine.comparisons).toEqual([]);
});
