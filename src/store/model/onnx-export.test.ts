import { expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Lens } from '../lens.ts';
import { modelInfo, readyLens, settle } from '../testing/fake-engine.ts';
import { FakeExporter } from '../testing/fake-exporter.ts';
import { told } from '../testing/told.ts';
import { createModelExport } from './onnx-export.ts';

async function ready() {
  const exporter = new FakeExporter();
  const downloads: string[] = [];
  const made = await readyLens({ exporter, download: (_, name) => downloads.push(name) });
  return {
    ...made,
    exporter,
    downloads,
    saving: made.lens.modelExport,
    state: () => made.lens.modelExport.store.getState(),
  };
}

async function saving() {
  const made = await ready();
  made.saving.open();
  await settle();
  made.saving.save();
  return made;
}

const BLOB = { fileName: 'test-model-onnx.zip', blob: new Blob(['zip']) };
const full = () => new LensError('storage-full', 'There is not enough room.');

test('asks what it takes, saves in the chosen type, counts bytes and hands the file over', async () => {
  const { exporter, downloads, saving, state } = await ready();
  saving.open();
  expect(state()).toMatchObject({ model: { info: { name: 'Test model' } }, sizes: null });
  // Before the size was said nothing is saved.
  saving.save();
  expect(exporter.saves).toEqual([]);
  await settle();
  expect(state().sizes).toEqual({ float32: 18_900_000, float16: 9_500_000 });
  saving.setWeightType('float16');
  saving.save();
  saving.save();
  expect(exporter.saves).toHaveLength(1);
  expect(exporter.lastSave).toMatchObject({ weightType: 'float16', model: { source: { kind: 'url' } } });
  const progress = { step: 'writing', doneBytes: 4_000_000, totalBytes: 9_500_000 } as const;
  exporter.lastSave.onProgress(progress);
  expect(state().progress).toEqual(progress);
  exporter.lastSave.resolve(BLOB);
  await settle();
  expect(state()).toMatchObject({ progress: null, error: null, saved: BLOB });
  expect(downloads).toEqual(['test-model-onnx.zip']);
  saving.downloadAgain();
  expect(downloads).toHaveLength(2);
  saving.close();
  expect(state()).toMatchObject({ model: null, saved: null, weightType: 'float16' });
});

test('what the visitor’s own file received is not downloaded too', async () => {
  const { exporter, downloads, saving: own, state } = await saving();
  exporter.lastSave.resolve({ fileName: 'mine.zip', blob: null });
  await settle();
  own.downloadAgain();
  expect(downloads).toEqual([]);
  expect(state().saved?.fileName).toBe('mine.zip');
});

test('cancelling goes back to the choice at once, and late news no longer counts', async () => {
  const { exporter, downloads, saving: own, state } = await saving();
  const { signal, onProgress, resolve } = exporter.lastSave;
  own.cancel();
  expect(signal.aborted).toBe(true);
  expect(state()).toMatchObject({ progress: null, sizes: { float32: 18_900_000 }, error: null });
  onProgress({ step: 'writing', doneBytes: 1, totalBytes: 2 });
  resolve(BLOB);
  await settle();
  expect(state()).toMatchObject({ progress: null, saved: null, error: null });
  expect(downloads).toEqual([]);
  own.save();
  exporter.lastSave.resolve(BLOB);
  await settle();
  expect(state().saved).toEqual(BLOB);
});

test('picking no file is no failure', async () => {
  const { exporter, state } = await saving();
  exporter.lastSave.reject(new LensError('cancelled', 'No file was chosen.'));
  await settle();
  expect(state()).toMatchObject({ progress: null, error: null, model: { info: { name: 'Test model' } } });
});

test('a failure is said, and the next try works', async () => {
  const { exporter, saving: own, state } = await saving();
  exporter.lastSave.reject(full());
  await settle();
  expect(state()).toMatchObject({ progress: null, error: { code: 'storage-full' } });
  own.save();
  expect(state().error).toBeNull();
  exporter.lastSave.reject(new Error('odd'));
  await settle();
  expect(state().error?.message).toBe('Test model could not be saved. Try again. (odd)');
  own.dismissError();
  expect(state()).toMatchObject({ error: null, sizes: { float32: 18_900_000 } });
});

test('sizes that cannot be found out are asked for again', async () => {
  const { exporter, saving: own, state } = await ready();
  exporter.refusal = new LensError('worker-died', 'The worker stopped.');
  own.open();
  await settle();
  expect(state()).toMatchObject({ sizes: null, error: { code: 'worker-died' } });
  exporter.refusal = null;
  own.open();
  await settle();
  expect(state()).toMatchObject({ sizes: { float16: 9_500_000 }, error: null });
});

/** Another model is in use from here on. */
async function useAnother(lens: Lens, engine: Awaited<ReturnType<typeof ready>>['engine']): Promise<void> {
  lens.loadModel({ kind: 'url', name: 'Other', baseUrl: 'http://localhost/other/' });
  engine.lastLoad.resolve(modelInfo({ name: 'Other' }));
  await settle();
}

test('another model in use: a question about the old one is forgotten, saving it goes on', async () => {
  const { lens, engine, exporter, saving: own, state } = await ready();
  own.open();
  await settle();
  await useAnother(lens, engine);
  expect(state().model).toBeNull();
  own.open();
  await settle();
  own.save();
  lens.loadModel({ kind: 'url', name: 'Third', baseUrl: 'http://localhost/third/' });
  engine.lastLoad.resolve(modelInfo({ name: 'Third' }));
  await settle();
  own.close();
  expect(state()).toMatchObject({ model: { info: { name: 'Other' } }, saved: null });
  expect(exporter.lastSave.signal.aborted).toBe(false);
  own.cancel();
  expect(state().model).toBeNull();
});

test('with the list closed the end is told on the page; with it open, there alone', async () => {
  const { lens, exporter, saving: own } = await saving();
  exporter.lastSave.reject(full());
  await settle();
  expect(lens.store.getState().notice?.kind).toBe('error');
  expect(told(lens)).toBe('There is not enough room.');
  own.save();
  exporter.lastSave.resolve(BLOB);
  await settle();
  expect(lens.store.getState().notice?.kind).toBe('note');
  expect(told(lens)).toContain('test-model-onnx.zip');
  lens.dismissNotice();
  lens.models.setOpen(true);
  own.open();
  await settle();
  own.save();
  exporter.lastSave.reject(full());
  await settle();
  expect(lens.store.getState().notice).toBeNull();
});

test('a visit begins with clearing away what earlier ones left', async () => {
  const { exporter } = await ready();
  expect(exporter.tidied).toBe(1);
});

test('there is nothing to save before there is a model', async () => {
  const saving = createModelExport({
    exporter: new FakeExporter(),
    inUse: () => null,
    download: () => undefined,
    onEnd: () => undefined,
  });
  saving.open();
  await settle();
  expect(saving.store.getState().model).toBeNull();
});
