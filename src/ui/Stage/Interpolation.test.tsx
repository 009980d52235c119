// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Lens } from '../../store/lens.ts';
import {
  answer,
  type FakeEngine,
  file,
  last,
  modelInfo,
  readyLens,
  settle,
} from '../../store/testing/fake-engine.ts';
import { App } from '../App/App.tsx';
import { loadLazyParts } from '../App/lazy-parts.ts';
import { recordCanvases } from '../testing/canvas.ts';

// They are transformed beforehand: on a busy machine that takes seconds.
beforeAll(loadLazyParts);

beforeEach(() => {
  recordCanvases();
});

afterEach(cleanup);

async function page(): Promise<{ lens: Lens; engine: FakeEngine }> {
  const made = await readyLens();
  render(<App lens={made.lens} />);
  return made;
}

async function interpolated(engine: FakeEngine, loss: number | null): Promise<void> {
  const { input, resolve } = last(engine.interpolations);
  await act(async () => {
    resolve({
      panel: new Uint8ClampedArray(224 * 224 * 3),
      loss,
      patchErrors: new Float32Array(input.mask.length),
      ms: 5,
    });
    await settle();
  });
}

async function painted(engine: FakeEngine, loss: number): Promise<void> {
  const { input, resolve } = engine.lastRun;
  await act(async () => {
    resolve(answer(input.mask, loss));
    await settle();
  });
}

const facts = () => screen.getByLabelText('Facts').textContent;
const panel = () => screen.queryByRole('heading', { name: 'interpolation' })?.closest('figure') ?? null;

test('the switch adds a fifth panel with its sentence, and takes it away', async () => {
  const { engine } = await page();
  expect(panel()).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Interpolation' }));
  expect(panel()?.textContent).toContain('interpolating…');
  await interpolated(engine, 0.6);
  expect(panel()?.textContent).toContain(
    'The smoothest surface through the visible patches. Nothing learned.',
  );
  expect(panel()?.textContent).not.toContain('interpolating');
  expect(
    screen.getByRole('img', { name: /^Interpolation: .* 49 of 196 patches, .* loss 0\.600\.$/ }),
  ).toBeDefined();
  expect(screen.getByRole('button', { name: 'Interpolation' }).getAttribute('aria-pressed')).toBe('true');
  await userEvent.keyboard('b');
  expect(panel()).toBeNull();
});

test('the facts name both losses, and say which is better', async () => {
  const { lens, engine } = await page();
  expect(facts()).toContain('Loss0.500Seen');
  act(() => lens.toggleInterpolation());
  expect(facts()).toContain('model 0.500 · interpolation –Seen');
  await interpolated(engine, 0.6);
  expect(facts()).toContain('model 0.500 · interpolation 0.600Lower is better: here the model is.Seen');
  act(() => lens.setSeed('7'));
  // The old losses are of one and the same mask, and stay beside each other until there are new ones.
  expect(facts()).toContain('model 0.500 · interpolation 0.600');
  await painted(engine, 0.4);
  expect(facts()).toContain('model 0.400 · interpolation –Seen');
  await interpolated(engine, 0.3);
  expect(facts()).toContain('model 0.400 · interpolation 0.300Lower is better: here the interpolation is.');
  act(() => lens.setSeed('8'));
  await painted(engine, 0.3001);
  await interpolated(engine, 0.2999);
  expect(facts()).toContain('model 0.300 · interpolation 0.300Lower is better: here both are the same.');
});

test('losses in the space of normalised patches are called that', async () => {
  const { lens, engine } = await page();
  act(() => lens.toggleInterpolation());
  await interpolated(engine, 0.6);
  const { config } = modelInfo();
  await act(async () => {
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ config: { ...config, norm_pix_loss: true } }));
    await settle();
  });
  await painted(engine, 0.7);
  await interpolated(engine, 0.9);
  expect(facts()).toContain('here the model is. Both are of normalised patches, as this model was trained.');
});

test('at the ends: everything hidden is the mean grey, nothing hidden has no loss', async () => {
  const { lens, engine } = await page();
  act(() => lens.toggleInterpolation());
  await interpolated(engine, 0.6);
  act(() => lens.setRatio(1));
  await interpolated(engine, 1.4);
  expect(panel()?.textContent).toContain('Nothing to go by, so the mean grey.');
  act(() => lens.setRatio(0));
  await interpolated(engine, null);
  expect(panel()?.textContent).toContain('Nothing is hidden, so this is the original.');
  expect(facts()).toContain('Lossno masked patchSeen');
});

test('a failure is told on the panel, and can be tried again there', async () => {
  const { lens, engine } = await page();
  act(() => lens.toggleInterpolation());
  await act(async () => {
    last(engine.interpolations).reject(new LensError('worker-died', 'The image worker ended.'));
    await settle();
  });
  const alert = screen.getByRole('alert');
  expect(panel()?.contains(alert)).toBe(true);
  expect(alert.textContent).toContain('The image worker ended.');
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  await interpolated(engine, 0.6);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a patch is marked in it as in the others, and it can be saved', async () => {
  const { lens, engine } = await page();
  act(() => lens.toggleInterpolation());
  act(() => lens.pointAt(20));
  expect(document.querySelectorAll('figure [data-patch="20"]').length).toBe(5);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const item = await screen.findByRole('menuitem', { name: 'interpolation' });
  expect(item.getAttribute('aria-disabled')).toBe('true');
  await interpolated(engine, 0.6);
  expect(item.getAttribute('aria-disabled')).not.toBe('true');
});

test('another image has its own', async () => {
  const { lens, engine } = await page();
  act(() => lens.toggleInterpolation());
  await interpolated(engine, 0.6);
  await act(() => lens.openFiles([file('other.png')], 'samples'));
  expect(panel()?.textContent).toContain('interpolating…');
  expect(facts()).toContain('model – · interpolation –');
});
