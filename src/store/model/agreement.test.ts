import { expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Agreement, ModelSource } from '../../engine/engine.ts';
import type { DeviceReport } from '../../runtime/device/choice.ts';
import { LARGE_MODEL } from '../../runtime/device/dtype.ts';
import type { LensOptions } from '../lens.ts';
import { FakeStorage, last, modelInfo, settle, testLens } from '../testing/fake-engine.ts';
import { betterDtype, dtypeFor, dtypeObstacle, knownAgreement } from './agreement.ts';

const FP16_NOT_HERE = { key: 'fp16-not-here', params: { running: 'fp32' } } as const;

const agreement: Agreement = {
  dtype: 'q8',
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
  change: Partial<Agreement> = {},
) {
  const measuring = lens.measureAgreement();
  last(engine.comparisons).resolve({ ...agreement, ...change });
  await measuring;
}

test('the choice is kept, and goes to the engine with every load', async () => {
  const storage = new FakeStorage();
  const { lens, engine } = await large({}, { storage });
  expect(engine.lastLoad.input.dtype).toBe('auto');
  lens.setDtype('q8');
  expect(engine.lastLoad.input.dtype).toBe('q8');
  const again = testLens({ storage });
  expect(again.lens.store.getState().model.wantedDtype).toBe('q8');
  again.lens.start();
  expect(again.engine.lastLoad.input.dtype).toBe('q8');
  storage.values.set('mae-lens:dtype', 'float8');
  expect(testLens({ storage }).lens.store.getState().model.wantedDtype).toBe('auto');
});

test('a choice that changes nothing loads nothing', async () => {
  const { lens, engine, state } = await large();
  lens.setDtype('fp32');
  lens.setDtype('fp16');
  expect(engine.loads).toHaveLength(1);
  expect(state().model.wantedDtype).toBe('fp16');
  expect(dtypeObstacle(state().model)).toEqual({ key: 'fp16-not-on-wasm', params: { running: 'fp32' } });
  lens.setDtype('auto');
  expect(engine.loads).toHaveLength(1);
  expect(dtypeObstacle(state().model)).toBeNull();
});

test('what only the graphics device can tell is found out by loading', async () => {
  const { lens, engine, state } = await large({ kind: 'webgpu', label: 'WebGPU' });
  lens.setDtype('fp32');
  expect(engine.loads).toHaveLength(1);
  expect(dtypeFor('auto', state())).toBeNull();
  lens.setDtype('auto');
  expect(engine.loads).toHaveLength(2);
  engine.lastLoad.resolve(
    modelInfo({
      parameters: LARGE_MODEL,
      device: device({ kind: 'webgpu', dtypeReason: FP16_NOT_HERE }),
    }),
  );
  await settle();
  lens.setDtype('fp16');
  expect(engine.loads).toHaveLength(3);
  engine.lastLoad.resolve(modelInfo({ device: device({ kind: 'webgpu', dtypeReason: FP16_NOT_HERE }) }));
  await settle();
  expect(dtypeObstacle(state().model)).toBe(FP16_NOT_HERE);
});

test('int8 is measured on the image on the stage, and offered where it is close enough', async () => {
  const made = await large();
  const { lens, engine, state, info } = made;
  expect(knownAgreement(state())).toEqual([]);
  const measuring = lens.measureAgreement();
  const { imageId, masks, onStep } = last(engine.comparisons).input;
  expect(imageId).toBe(state().image?.prepared.id);
  expect(masks.map(({ idsKeep }) => idsKeep.length)).toEqual([49, 49, 49, 49, 98, 19]);
  expect(new Set(masks.map(({ mask }) => mask.join(''))).size).toBe(6);
  onStep({ phase: 'comparing', run: 2, runs: 6 });
  expect(state().agreement.measuring).toEqual({
    dtype: 'q8',
    second: 'q8',
    step: { phase: 'comparing', run: 2, runs: 6 },
  });
  expect(betterDtype(state())).toBeNull();
  last(engine.comparisons).resolve(agreement);
  await measuring;
  expect(state().agreement.measuring).toBeNull();
  expect(knownAgreement(state())).toMatchObject([{ model: info.name, lowestPsnr: 46, runs: 6 }]);
  // Not by itself.
  expect(engine.loads).toHaveLength(1);
  expect(betterDtype(state())).toBe('q8');
  const { inUse } = state().model;
  if (inUse === null) throw new Error('No model is in use.');
  lens.loadModel(inUse);
  expect(engine.lastLoad.input.knownAgreement).toEqual([
    { parameters: info.parameters, bytes: info.bytes, psnr: { q8: 46 } },
  ]);
});

test('int8 that is further off is not offered, nor is any to who chose by hand', async () => {
  const far = await large();
  await measure(far, { lowestPsnr: 39.9 });
  expect(betterDtype(far.state())).toBeNull();
  const chosen = await large();
  chosen.lens.setDtype('fp32');
  await measure(chosen);
  expect(betterDtype(chosen.state())).toBeNull();
});

test('float16 that automatic took and that was found far off is offered to be left', async () => {
  const made = await large({ kind: 'webgpu', dtype: 'fp16' });
  expect(betterDtype(made.state())).toBeNull();
  await measure(made, { dtype: 'fp16', lowestPsnr: 33 });
  expect(betterDtype(made.state())).toBe('fp32');
});

test('measurements are kept between visits, worst case and runs of all together', async () => {
  const storage = new FakeStorage();
  const made = await large({}, { storage });
  await measure(made);
  await measure(made, { lowestPsnr: 44 });
  const next = await large({}, { storage });
  expect(knownAgreement(next.state())).toMatchObject([{ lowestPsnr: 44, runs: 12, on: 'stage' }]);
  expect(next.engine.loads[0]?.input.knownAgreement).toMatchObject([{ psnr: { q8: 44 } }]);
});

test('other weights of that name are not known', async () => {
  const storage = new FakeStorage();
  await measure(await large({}, { storage }));
  const { lens, engine } = testLens({ storage });
  lens.start();
  engine.lastLoad.resolve(modelInfo({ parameters: LARGE_MODEL + 1, bytes: 4 * LARGE_MODEL }));
  await settle();
  expect(knownAgreement(lens.store.getState())).toEqual([]);
});

test('own files are known for this visit only', async () => {
  const storage = new FakeStorage();
  const source: ModelSource = { kind: 'files', name: 'Test model', files: [] };
  const made = await large({}, { storage, source });
  await measure(made);
  expect(knownAgreement(made.state())).toHaveLength(1);
  expect(storage.values.get('mae-lens:agreement')).toBe('[]');
  made.lens.loadModel({ ...source });
  expect(made.engine.lastLoad.input.knownAgreement).toEqual([]);
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
  const kept: { bytes: number }[] = JSON.parse(storage.values.get('mae-lens:agreement') ?? '');
  expect(kept.map(({ bytes }) => bytes)).toEqual(Array.from({ length: 40 }, (_, i) => 102 + i));
});

test('one at a time; cancelling ends it and leaves nothing behind', async () => {
  const { lens, engine, state } = await large();
  const measuring = lens.measureAgreement();
  void lens.measureAgreement();
  expect(engine.comparisons).toHaveLength(1);
  lens.cancelMeasurement();
  await measuring;
  expect(last(engine.comparisons).input.signal?.aborted).toBe(true);
  expect(state().agreement).toMatchObject({ measuring: null, measured: null, problem: null });
  void lens.measureAgreement();
  expect(engine.comparisons).toHaveLength(2);
});

test('loading another model ends it', async () => {
  const { lens, engine, state } = await large();
  void lens.measureAgreement();
  lens.setDevice('wasm');
  expect(last(engine.comparisons).input.signal?.aborted).toBe(true);
  await settle();
  expect(state().agreement.measuring).toBeNull();
});

test.each([
  ['out-of-memory', /The int8 copy does not fit.*Close other tabs/],
  ['worker-died', /The int8 copy stopped.*Close other tabs/],
  ['network', /^Are you online\?$/],
] as const)('a failure (%s) says what to do, and is dismissed', async (code, words) => {
  const { lens, engine, state } = await large();
  const measuring = lens.measureAgreement();
  last(engine.comparisons).reject(new LensError(code, 'Are you online?'));
  await measuring;
  expect(state().agreement.problem?.message).toMatch(words);
  expect(state().agreement.measuring).toBeNull();
  lens.dismissMeasurementProblem();
  expect(state().agreement.problem).toBeNull();
});

test('without an image or a model there is nothing to measure', async () => {
  const { lens, engine } = testLens({ samples: [] });
  await lens.measureAgreement();
  lens.start();
  engine.lastLoad.resolve(modelInfo());
  await settle();
  await lens.measureAgreement();
  expect(engine.comparisons).toEqual([]);
});
