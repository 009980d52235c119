// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { modelInfo, readyLens, settle } from '../../store/testing/fake-engine.ts';
import { FakeExporter } from '../../store/testing/fake-exporter.ts';
import { FakeModelStorage } from '../../store/testing/fake-models.ts';
import { App } from '../App/App.tsx';
import { loadLazyParts } from '../App/lazy-parts.ts';
import { recordCanvases } from '../testing/canvas.ts';

beforeAll(loadLazyParts);

beforeEach(() => {
  recordCanvases();
});

afterEach(cleanup);

const BASE = 'facebook/vit-mae-base';

/** The page with its model loaded, the list open, and the question what to save. */
async function asked(exporter = new FakeExporter()) {
  const models = new FakeModelStorage();
  const made = await readyLens({ exporter, models });
  render(<App lens={made.lens} />);
  await userEvent.click(screen.getByRole('button', { name: 'Model: Test model' }));
  await press('Save as ONNX…');
  await act(settle);
  return { ...made, exporter, models };
}

const popup = () => within(screen.getByRole('dialog', { name: 'Model' }));
const card = () => within(popup().getByRole('region', { name: /^Save .* as ONNX$/ }));
const press = (name: string | RegExp) => userEvent.click(popup().getByRole('button', { name }));
const answer = (give: () => void) =>
  act(async () => {
    give();
    await settle();
  });

test('says what is saved and what it takes, then how far it is, then where it went', async () => {
  const { exporter } = await asked();
  expect(card().getByText(/18,900,000 bytes.*Nothing is uploaded/)).toBeDefined();
  await userEvent.click(card().getByRole('radio', { name: /^float16 9\.50 MB/ }));
  await press('Save (9.50 MB)');
  expect(exporter.lastSave.weightType).toBe('float16');
  expect(card().getByText('Opening…')).toBeDefined();
  expect(document.activeElement?.textContent).toContain('Save as ONNX…');
  await answer(() =>
    exporter.lastSave.onProgress({ step: 'writing', doneBytes: 4_750_000, totalBytes: 9_500_000 }),
  );
  expect(card().getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  expect(card().getByText('Writing 4.75 MB of 9.50 MB')).toBeDefined();
  const blob = new Blob([new Uint8Array(9_500_000)]);
  await answer(() => exporter.lastSave.resolve({ fileName: 'test-model-onnx-float16.zip', blob }));
  expect(card().getByText(/downloads as test-model-onnx-float16\.zip \(9\.50 MB\)/)).toBeDefined();
  expect(popup().getByText('Saved as test-model-onnx-float16.zip.')).toBeDefined();
  await press('Done');
  expect(popup().queryByRole('region', { name: /as ONNX/ })).toBeNull();
});

test('is cancelled, and dismissed', async () => {
  const { exporter } = await asked();
  await press(/^Save \(/);
  await press('Cancel');
  expect(exporter.lastSave.signal.aborted).toBe(true);
  expect(card().getByRole('button', { name: 'Save (18.9 MB)' })).toBeDefined();
  await press('Not now');
  expect(popup().queryByRole('region', { name: /as ONNX/ })).toBeNull();
  expect(document.activeElement?.textContent).toContain('Save as ONNX…');
});

test('a failure is told there, and tried again', async () => {
  const { exporter } = await asked();
  await press(/^Save \(/);
  await answer(() => exporter.lastSave.reject(new LensError('storage-full', 'There is not enough room.')));
  expect(card().getByRole('alert').textContent).toContain('There is not enough room.');
  await press('Try again (18.9 MB)');
  expect(exporter.saves).toHaveLength(2);
  expect(card().queryByRole('alert')).toBeNull();
});

test('so is one before the size is known', async () => {
  const exporter = new FakeExporter();
  exporter.refusal = new LensError('worker-died', 'The worker stopped.');
  await asked(exporter);
  expect(card().getByRole('alert').textContent).toContain('The worker stopped.');
  exporter.refusal = null;
  await press('Try again');
  await act(settle);
  expect(card().getByRole('button', { name: 'Save (18.9 MB)' })).toBeDefined();
});

test('a model whose files are no longer stored says that they come over the network again', async () => {
  const { lens, engine, models } = await asked();
  models.put(BASE, 447_719_104);
  await act(() => lens.models.refresh());
  const row = lens.models.store.getState().rows.find(({ name }) => name === BASE);
  if (row === undefined) throw new Error('There is no such row.');
  await answer(() => lens.models.choose(row));
  await answer(() => engine.lastLoad.resolve(modelInfo({ name: BASE, bytes: 447_631_360 })));
  await press('Save as ONNX…');
  await act(settle);
  expect(card().queryByText(/downloads them again/)).toBeNull();
  await act(() => lens.models.remove(row));
  expect(card().getByText(/downloads them again: about 448 MB/)).toBeDefined();
});
