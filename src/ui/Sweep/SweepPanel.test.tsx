// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { MaskInput } from '../../engine/model/predictions.ts';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import type { Lens } from '../../store/lens.ts';
import {
  answer,
  type FakeEngine,
  last,
  modelInfo,
  settle,
  testLens,
} from '../../store/testing/fake-engine.ts';
import { App } from '../App/App.tsx';
import { viridis } from '../Stage/viridis.ts';
import { type RecordingContext, recordCanvases } from '../testing/canvas.ts';

/** 16 patches of 2 x 2 pixels. */
const SMALL = { imageSize: 8, patchSize: 2, preprocessor: PUBLISHED_PREPROCESSOR };

let contextOf: (canvas: HTMLCanvasElement) => RecordingContext;

// What the dock loads when it is opened is transformed beforehand: on a busy machine that takes seconds.
beforeAll(() => import('./SweepPanel.tsx'));

beforeEach(() => {
  contextOf = recordCanvases();
  // jsdom has neither.
  Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function page(): Promise<{ lens: Lens; engine: FakeEngine; dock: HTMLElement }> {
  const { lens, engine } = testLens();
  lens.start();
  engine.lastLoad.resolve(modelInfo(SMALL));
  await settle();
  engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.5, 8));
  await settle();
  render(<App lens={lens} />);
  await userEvent.click(button('Several runs'));
  return { lens, engine, dock: await screen.findByRole('region', { name: 'Several runs' }) };
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

/** Answers the next batches until the sweep ends, or so many of them; the loss follows from the mask. */
async function finish(engine: FakeEngine, lens: Lens, batches = Number.POSITIVE_INFINITY): Promise<void> {
  const running = () =>
    Object.values(lens.sweeps.store.getState().sweeps).some((sweep) => sweep?.status === 'running');
  for (let i = 0; i < batches && running(); i++) {
    await batchAfter(engine, answered.get(engine) ?? 0);
    answered.set(engine, engine.batches.length);
    const { input, resolve } = last(engine.batches);
    await act(async () => {
      resolve({ predictions: input.masks.map(predictionOf), encoderMs: 1, decoderMs: 1 });
      await settle();
    });
  }
}

/** The page lets the hand rest before it asks for a batch; a busy machine takes its own time besides. */
function batchAfter(engine: FakeEngine, count: number): Promise<void> {
  return waitFor(() => expect(engine.batches.length).toBeGreaterThan(count), { timeout: 10_000 });
}

const answered = new WeakMap<FakeEngine, number>();

/** The first patch differs from mask to mask, the others do not. */
function predictionOf(mask: MaskInput) {
  const patches = new Float32Array(16 * 12);
  patches.fill(mask.idsKeep[0] ?? 0, 0, 12);
  const masked = 16 - mask.idsKeep.length;
  return { patches, loss: masked / 16 + (mask.idsKeep[0] ?? 0) / 1000, patchErrors: new Float32Array(16) };
}

describe('many seeds', () => {
  test('give an average, a spread with its legend, and the losses', async () => {
    const { lens, engine, dock } = await page();
    expect(screen.getByRole('heading', { name: 'Several runs' })).toBe(document.activeElement);
    await userEvent.click(within(dock).getByRole('radio', { name: '8' }));
    await userEvent.click(button('Start 8 runs'));
    expect(within(dock).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('0');
    await finish(engine, lens);
    expect(dock.textContent).toContain('All 8 runs are done.');
    expect(dock.textContent).toContain('Of: Cat, Test model, 75 %, seeds 2 to 9, PyTorch.');
    const losses = lens.sweeps.store.getState().sweeps.seeds?.outcomes.map(({ loss }) => loss ?? 0) ?? [];
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 8;
    expect(dock.textContent).toContain('Average of the 8 losses');
    expect(within(dock).getByText(mean.toFixed(3), { selector: 'strong' })).toBeDefined();
    expect(
      within(dock).getByText(/^Standard deviation between the runs, in levels of 0 to 255/),
    ).toBeDefined();
    expect(within(dock).getByRole('img', { name: /^Average of 8 runs of Cat/ })).toBeDefined();
    const spread = within(dock).getByRole('img', { name: /^Spread between 8 runs.* most at patch 0\.$/ });
    expect(spread).toBeInstanceOf(HTMLCanvasElement);
    const colours = contextOf(spread as HTMLCanvasElement)
      .of('fillRect')
      .slice(-16)
      .map(({ fillStyle }) => fillStyle);
    expect(colours[0]).toBe(viridis(1));
    expect(new Set(colours.slice(1))).toEqual(new Set([viridis(0)]));
    expect(within(dock).getByRole('img', { name: /^The losses of 8 runs/ })).toBeDefined();
    expect(
      screen.getAllByRole('status').some((region) => region.textContent === 'All 8 runs are done.'),
    ).toBe(true);
  });

  test('are there as a table and as a file, and lead back to their masks', async () => {
    const { lens, engine, dock } = await page();
    await userEvent.click(within(dock).getByRole('radio', { name: '8' }));
    await userEvent.click(button('Start 8 runs'));
    await finish(engine, lens);
    await userEvent.click(within(dock).getByText('All numbers'));
    const rows = within(within(dock).getByRole('table')).getAllByRole('row');
    expect(rows.length).toBe(9);
    expect(rows[1]?.textContent).toMatch(/^212\d\.\d{3}$/);
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    await userEvent.click(button('Save as CSV'));
    expect(clicked).toEqual(['cat-runs-seeds.csv']);
    const best = lens.sweeps.store
      .getState()
      .sweeps.seeds?.outcomes.reduce((a, b) => ((b.loss ?? 0) < (a.loss ?? 0) ? b : a));
    await userEvent.click(button(`Show seed ${best?.seed}`));
    expect(lens.store.getState().settings.seed).toBe(best?.seed);
  });

  test('can be cancelled, and what is done stays with its count', async () => {
    const { lens, engine, dock } = await page();
    await userEvent.click(button('Start 32 runs'));
    await finish(engine, lens, 1);
    expect(dock.textContent).toContain('1 of 32 runs');
    await batchAfter(engine, 1);
    await userEvent.click(button('Cancel'));
    expect(dock.textContent).toContain('the last one ends');
    await act(async () => {
      const { input, resolve } = last(engine.batches);
      resolve({ predictions: input.masks.map(predictionOf), encoderMs: 1, decoderMs: 1 });
      await settle();
    });
    const done = 1 + last(engine.batches).input.masks.length;
    expect(dock.textContent).toContain(`Cancelled after ${done} of 32 runs.`);
    expect(within(dock).getByRole('img', { name: new RegExp(`^Average of ${done} runs`) })).toBeDefined();
    expect(button('Run again')).toBeDefined();
  });

  test('say why they cannot be, and what would help', async () => {
    const { lens, engine, dock } = await page();
    act(() => lens.setStrategy('checkerboard'));
    expect(dock.textContent).toContain('“Checkerboard” is not random: every run would be the same.');
    await userEvent.click(button('Start 32 runs'));
    expect(engine.batches).toEqual([]);
    await userEvent.click(button('Use random masking'));
    expect(lens.store.getState().settings.strategy).toBe('random');
    expect(button('Start 32 runs').getAttribute('aria-disabled')).toBe('false');
  });

  test('that failed keep what was done and say what to do', async () => {
    const { lens, engine, dock } = await page();
    await userEvent.click(button('Start 32 runs'));
    await finish(engine, lens, 1);
    await batchAfter(engine, 1);
    await act(async () => {
      last(engine.batches).reject(new LensError('out-of-memory', 'There is not enough memory.'));
      await settle();
    });
    expect(within(dock).getByRole('alert').textContent).toBe(
      'There is not enough memory. What was done stays here (1 of 32 runs). Run again to begin anew.',
    );
    expect(within(dock).getByRole('img', { name: /^Average of one run of Cat/ })).toBeDefined();
  });

  test('stay whose they are when another image comes', async () => {
    const { lens, engine, dock } = await page();
    await userEvent.click(button('Start 32 runs'));
    await finish(engine, lens, 1);
    await act(() => lens.openSample('cup'));
    expect(dock.textContent).toContain('Ended after 1 of 32 runs: the image or the model changed.');
    expect(dock.textContent).toContain('Of: Cat, ');
    expect(dock.textContent).toContain('These runs are of an earlier image.');
  });

  test('tell about the patch that is pointed at', async () => {
    const { lens, engine, dock } = await page();
    await userEvent.click(button('Start 32 runs'));
    await finish(engine, lens);
    act(() => lens.pointAt(5));
    expect(dock.textContent).toMatch(/Patch 5: hidden in \d+ of 32 runs, spread 0\.0 levels\./);
  });
});

describe('all ratios', () => {
  async function ratios() {
    const made = await page();
    await userEvent.click(screen.getByRole('tab', { name: 'All ratios' }));
    await userEvent.click(within(made.dock).getByRole('radio', { name: '3' }));
    await userEvent.click(button('Start 57 runs'));
    await finish(made.engine, made.lens);
    return made;
  }

  test('make a chart whose points set the ratio', async () => {
    const { lens, dock } = await ratios();
    const points = within(within(dock).getByRole('radiogroup', { name: /^Set the mask ratio/ }));
    expect(points.getAllByRole('radio').length).toBe(19);
    expect(points.getByRole('radio', { checked: true }).getAttribute('aria-label')).toMatch(
      /^75 %: average loss \d\.\d{3}, from \d\.\d{3} to \d\.\d{3} over 3 runs$/,
    );
    await userEvent.click(points.getByRole('radio', { name: /^40 %/ }));
    expect(lens.store.getState().settings.ratio).toBe(0.4);
    await userEvent.click(points.getByRole('radio', { name: /^45 %/ }));
    expect(lens.store.getState().settings.ratio).toBe(0.45);
    expect(points.getByRole('radio', { checked: true }).getAttribute('aria-label')).toMatch(/^45 %/);
    // A step of its own each, as with the slider.
    act(() => lens.undo());
    expect(lens.store.getState().settings.ratio).toBe(0.4);
  });

  test('are there as a table', async () => {
    const { dock } = await ratios();
    await userEvent.click(within(dock).getByText('All numbers'));
    const table = within(dock).getByRole('table', { name: 'The losses at each mask ratio' });
    expect(within(table).getAllByRole('row').length).toBe(20);
    expect(within(table).getByRole('row', { name: /^50 % 8 3 / })).toBeDefined();
  });

  test('need a strategy with a ratio', async () => {
    const { lens, dock } = await page();
    await userEvent.click(screen.getByRole('tab', { name: 'All ratios' }));
    act(() => lens.setStrategy('left'));
    expect(dock.textContent).toContain('“Left half” always hides the same number of patches.');
    act(() => lens.setStrategy('grid'));
    expect(button('Start 19 runs').getAttribute('aria-disabled')).toBe('false');
  });
});

describe('the dock', () => {
  test('is closed by Escape and by its button, gives the focus back, and leaves the page in use', async () => {
    const { lens, dock } = await page();
    expect(screen.queryByRole('dialog')).toBeNull();
    await userEvent.keyboard('{Escape}');
    expect(dock.isConnected).toBe(false);
    expect(document.activeElement).toBe(button('Several runs'));
    await userEvent.keyboard('v');
    expect(lens.sweeps.store.getState().open).toBe(true);
    await userEvent.click(await screen.findByRole('button', { name: 'Close the runs' }));
    expect(lens.sweeps.store.getState().open).toBe(false);
  });
});
