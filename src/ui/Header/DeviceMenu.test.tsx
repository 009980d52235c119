// @vitest-environment jsdom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Agreement } from '../../engine/engine.ts';
import type { DeviceReport } from '../../runtime/device/choice.ts';
import { LARGE_MODEL } from '../../runtime/device/dtype.ts';
import { SHIPPED_RECORDS } from '../../store/model/agreement-records.ts';
import { last, modelInfo, settle, testLens } from '../../store/testing/fake-engine.ts';
import { Announcer } from '../Announcer/Announcer.tsx';
import { LensProvider } from '../lens-context.tsx';
import { DeviceButton, deviceMenu } from './DeviceButton.tsx';

beforeAll(async () => {
  await deviceMenu.load();
});
afterEach(cleanup);

const measured: Agreement = {
  dtype: 'q8',
  lowestPsnr: 46.14,
  meanPsnr: 47,
  lossDifference: 0.0021,
  runs: 6,
};

/** The open menu, with a large model in use. */
async function menu(report: Partial<DeviceReport> = {}, change: Parameters<typeof modelInfo>[0] = {}) {
  const made = testLens();
  made.lens.start();
  const device = { ...modelInfo().device, ...report };
  made.engine.lastLoad.resolve(modelInfo({ parameters: LARGE_MODEL, device, ...change }));
  await settle();
  render(
    <LensProvider lens={made.lens} chooseFile={() => undefined}>
      <Announcer />
      <DeviceButton />
    </LensProvider>,
  );
  await userEvent.click(trigger());
  return made;
}

const trigger = () => screen.getByRole('button', { name: /^Device: / });
const dtypes = () => within(screen.getByRole('radiogroup', { name: 'Precision' }));
const agreement = () => screen.getByRole('region', { name: /from float32$/ });
const measureButton = () => screen.getByRole('button', { name: 'Measure on this image' });

async function answer(step: () => void): Promise<void> {
  await act(async () => {
    step();
    await settle();
  });
}

test('a precision is chosen as a device is, and what runs stands in the header', async () => {
  const { lens, engine } = await menu();
  expect(trigger().getAttribute('aria-label')).toBe('Device: WebAssembly · 2 threads');
  expect(dtypes().getByRole<HTMLInputElement>('radio', { name: /^Automatic/ }).checked).toBe(true);
  await userEvent.click(dtypes().getByRole('radio', { name: /^int8/ }));
  expect(engine.lastLoad.input).toMatchObject({ dtype: 'q8', device: 'auto' });
  const int8 = { ...modelInfo().device, dtype: 'q8' } as const;
  await answer(() => engine.lastLoad.resolve(modelInfo({ device: int8 })));
  expect(trigger().getAttribute('aria-label')).toBe('Device: WebAssembly · 2 threads · int8');
  expect(screen.getByText(/^Computing in int8: the loss differs slightly/)).toBeDefined();
  expect(screen.getByRole('status').textContent).toBe(
    'The model is ready, on WebAssembly · 2 threads · int8.',
  );
  expect(lens.store.getState().model.wantedDtype).toBe('q8');
});

test('what the device does not do is answered with why, and with what runs instead', async () => {
  await menu();
  await userEvent.click(dtypes().getByRole('radio', { name: /^float16/ }));
  expect(screen.getByText(/^float16 is for WebGPU.*runs in float32 instead\.$/)).toBeDefined();
});

test('what is not measured says so; measuring tells its steps, its result and what to do with it', async () => {
  const { engine } = await menu();
  expect(agreement().textContent).toContain('int8 against float32, with this model: not measured yet.');
  await userEvent.click(measureButton());
  const comparison = last(engine.comparisons);
  expect(agreement().textContent).toContain('The int8 copy: loading');
  await answer(() =>
    comparison.input.onStep({
      phase: 'loading',
      file: 'model.safetensors',
      loadedBytes: 5e6,
      totalBytes: 9e6,
    }),
  );
  expect(agreement().textContent).toContain('The int8 copy: loading 5.00 MB of 9.00 MB');
  await answer(() => comparison.input.onStep({ phase: 'comparing', run: 1, runs: 6 }));
  expect(agreement().textContent).toContain('Comparing, run 2 of 6');
  expect(screen.getByRole('status').textContent).toBe('Comparing int8 with float32.');
  await answer(() => comparison.resolve(measured));
  expect(agreement().textContent).toContain('46.1 dB at worst, over 6 runs in this browser');
  expect(agreement().textContent).toContain('The loss differs by at most 0.003.');
  expect(screen.getByRole('status').textContent).toBe('int8 was measured: 46.1 dB at worst.');
  expect(engine.loads).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Load it in int8' }));
  expect(engine.lastLoad.input.knownAgreement).toMatchObject([{ psnr: { q8: 46.14 } }]);
});

test('a measurement can be cancelled, and made again', async () => {
  const { engine } = await menu();
  await userEvent.click(measureButton());
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(last(engine.comparisons).input.signal?.aborted).toBe(true);
  await userEvent.click(measureButton());
  expect(engine.comparisons).toHaveLength(2);
});

test('a failure is told where it was asked for, with what to do', async () => {
  const { engine } = await menu({ dtype: 'q8' });
  await userEvent.click(measureButton());
  await answer(() => last(engine.comparisons).reject(new LensError('out-of-memory', 'No memory.')));
  const alert = within(agreement()).getByRole('alert');
  expect(alert.textContent).toMatch(/The float32 copy does not fit.*Close other tabs/);
  await userEvent.click(within(alert).getByRole('button', { name: /Dismiss/ }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('while a model loads there is nothing to measure', async () => {
  const { lens, engine } = await menu();
  act(() => lens.setDevice('wasm'));
  expect(measureButton().getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(measureButton());
  expect(engine.comparisons).toEqual([]);
});

test('what comes with the page is told of the very weights that it is about', async () => {
  const [shipped] = SHIPPED_RECORDS;
  if (shipped === undefined) throw new Error('The table is empty.');
  const { model, parameters, bytes, runs } = shipped;
  const made = testLens({ source: { kind: 'url', name: model, baseUrl: 'http://localhost/' } });
  made.lens.start();
  made.engine.lastLoad.resolve(modelInfo({ name: model, parameters, bytes }));
  await settle();
  render(
    <LensProvider lens={made.lens} chooseFile={() => undefined}>
      <DeviceButton />
    </LensProvider>,
  );
  await userEvent.click(trigger());
  expect(agreement().textContent).toContain(`dB at worst, over ${runs} runs on the samples`);
});
