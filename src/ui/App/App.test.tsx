// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Lens } from '../../store/lens.ts';
import { DEFAULT_GEOMETRY } from '../../store/mask/masking.ts';
import {
  answer,
  type FakeEngine,
  FakeStorage,
  file,
  modelInfo,
  NOT_AN_IMAGE,
  readyLens,
  settle,
  testLens,
} from '../../store/testing/fake-engine.ts';
import { type RecordingContext, recordCanvases } from '../testing/canvas.ts';
import { App } from './App.tsx';
import { loadLazyParts } from './lazy-parts.ts';

let contextOf: (canvas: HTMLCanvasElement) => RecordingContext;

beforeAll(loadLazyParts);

beforeEach(() => {
  contextOf = recordCanvases();
});

afterEach(cleanup);

/** The page with its model loaded and its first result on the stage. */
async function page(
  options: Parameters<typeof readyLens>[0] = {},
): Promise<{ lens: Lens; engine: FakeEngine }> {
  const made = await readyLens(options);
  render(<App lens={made.lens} />);
  return made;
}

const slider = () => screen.getByRole('slider', { name: 'Mask ratio' });
const seed = () => screen.getByRole('textbox', { name: 'Seed' });
const facts = () => screen.getByLabelText('Facts');
const status = () => screen.getByRole('heading', { name: 'reconstruction' }).parentElement;

function canvas(name: RegExp): HTMLCanvasElement {
  const element = screen.getByRole('img', { name });
  if (!(element instanceof HTMLCanvasElement)) throw new Error('This panel is no canvas.');
  return element;
}

function slideTo(percent: number): void {
  fireEvent.change(slider(), { target: { value: String(percent) } });
}

async function finish(engine: FakeEngine, loss: number): Promise<void> {
  const run = engine.lastRun;
  await act(async () => {
    run.resolve(answer(run.input.mask, loss));
    await settle();
  });
}

describe('the ratio', () => {
  test('is on the masked panel before the store’s call returns', async () => {
    const { lens } = await page();
    const { drawings } = contextOf(canvas(/^Masked/));
    drawings.length = 0;
    lens.setRatio(0.5);
    expect(drawings.filter(({ kind }) => kind === 'rect').length).toBe(98);
  });

  test('says what it hides, to the eye and to a screen reader', async () => {
    await page();
    slideTo(75);
    expect(slider().getAttribute('aria-valuetext')).toBe('75 %, 147 of 196 patches masked');
    slideTo(25);
    expect(slider().getAttribute('aria-valuetext')).toBe('25 %, 49 of 196 patches masked');
    expect(screen.getByText('25 %', { selector: 'strong' }).parentElement?.textContent).toBe(
      '25 %, 147 of 196 patches seen',
    );
    expect(canvas(/^Masked.* 49 of 196 patches are hidden, 147 are visible/)).toBeDefined();
  });

  test('at 0 % has nothing to paint, and says so where the loss is', async () => {
    const { engine } = await page();
    slideTo(0);
    expect(within(facts()).getByText('no masked patch')).toBeDefined();
    await finish(engine, Number.NaN);
    expect(facts().textContent).not.toContain('NaN');
    expect(screen.getAllByText(/nothing to paint/).length).toBeGreaterThan(0);
  });

  test('at 100 % leaves the CLS token alone, and says so', async () => {
    await page();
    slideTo(100);
    expect(within(facts()).getByText(/CLS token alone/)).toBeDefined();
    expect(screen.getAllByText(/encoder sees its CLS token alone/).length).toBeGreaterThan(0);
  });
});

describe('the reconstruction', () => {
  test('lags with a word, keeps the label of what made it, and catches up', async () => {
    const { engine } = await page();
    expect(status()?.textContent).not.toContain('catching up');
    slideTo(50);
    expect(status()?.textContent).toContain('catching up…');
    expect(screen.getByText(/Painted from 49 patches \(75 %, seed 2\)/)).toBeDefined();
    await finish(engine, 0.25);
    expect(status()?.textContent).not.toContain('catching up');
    expect(screen.getByText(/Painted from 98 patches \(50 %, seed 2\)/)).toBeDefined();
    expect(within(facts()).getByText('0.250')).toBeDefined();
    expect(within(facts()).getByText('12 ms')).toBeDefined();
    expect(within(facts()).getByText('36 ms')).toBeDefined();
  });

  test('says why visible patches look worse', async () => {
    await page();
    expect(screen.getByText(/only hidden patches were graded/)).toBeDefined();
  });

  test('that fails tells why, and can be tried again', async () => {
    const { engine } = await page();
    slideTo(50);
    await act(async () => {
      engine.lastRun.reject(new LensError('out-of-memory', 'Not enough memory for this.'));
      await settle();
    });
    const message = screen.getByRole('alert');
    expect(message.textContent).toContain('Not enough memory');
    await userEvent.click(within(message).getByRole('button', { name: 'Try again' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await finish(engine, 0.25);
    expect(within(facts()).getByText('0.250')).toBeDefined();
  });
});

describe('images', () => {
  const chooser = (): HTMLInputElement => {
    const input = document.querySelector('input[type=file]');
    if (!(input instanceof HTMLInputElement)) throw new Error('There is no file input.');
    return input;
  };

  test('that are none leave the last one, with a message to dismiss; the next works', async () => {
    const { engine } = await page();
    engine.refused.set('notes.txt', NOT_AN_IMAGE);
    fireEvent.change(chooser(), { target: { files: [file('notes.txt')] } });
    const message = await screen.findByRole('alert');
    expect(message.textContent).toContain(NOT_AN_IMAGE.message);
    expect(canvas(/^Original: Cat/)).toBeDefined();
    await userEvent.click(within(message).getByRole('button', { name: 'Dismiss this message' }));
    expect(screen.queryByRole('alert')).toBeNull();
    fireEvent.change(chooser(), { target: { files: [file('good.png')] } });
    await waitFor(() => expect(canvas(/^Original: good\.png, 640 by 427/)).toBeDefined());
  });

  test('can be dropped anywhere; of several the first is taken', async () => {
    await page();
    const files = [file('one.png'), file('two.png')];
    const items = files.map((item) => ({ kind: 'file', type: item.type, getAsFile: () => item }));
    fireEvent.drop(screen.getByRole('main'), { dataTransfer: { files, items, types: ['Files'] } });
    await waitFor(() => expect(canvas(/^Original: one\.png/)).toBeDefined());
    expect(await screen.findByText(/2 files came at once.*“one\.png”/)).toBeDefined();
  });

  test('can be pasted, and a clipboard without one says so', async () => {
    await page();
    fireEvent.paste(document.body, { clipboardData: { files: [file('copied.png')] } });
    await waitFor(() => expect(canvas(/^Original: copied\.png/)).toBeDefined());
    fireEvent.paste(document.body, { clipboardData: { files: [] } });
    expect((await screen.findByRole('alert')).textContent).toContain('The clipboard holds no image');
  });

  test('are chosen among the samples, and the chosen one is marked', async () => {
    await page();
    await userEvent.click(screen.getByRole('button', { name: 'Cup' }));
    await waitFor(() => expect(canvas(/^Original: Cup/)).toBeDefined());
    expect(screen.getByRole('button', { name: 'Cup' }).getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByRole('button', { name: 'Cat' }).getAttribute('aria-pressed')).toBe('false');
  });
});

describe('the seed', () => {
  test('shows the call in Python that gives the same mask', async () => {
    await page();
    expect(screen.getByText('torch.manual_seed(2); torch.rand(1, 196)')).toBeDefined();
    await userEvent.click(screen.getByRole('radio', { name: 'NumPy' }));
    expect(screen.getByText('np.random.seed(2); np.random.uniform(size=(1, 196))')).toBeDefined();
  });

  test('that a library refuses names its rule, and the last good mask stays', async () => {
    const { lens } = await page();
    await userEvent.clear(seed());
    await userEvent.type(seed(), '-5');
    await userEvent.click(screen.getByRole('radio', { name: 'NumPy' }));
    expect(screen.getByRole('alert').textContent).toContain('NumPy takes whole numbers from 0 to 4294967295');
    expect(seed().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('torch.manual_seed(-5); torch.rand(1, 196)')).toBeDefined();
    expect(lens.store.getState().masking.settings).toMatchObject({ seed: '-5', generator: 'torch' });
  });

  test('counts with the arrow keys', async () => {
    const { lens } = await page();
    await userEvent.type(seed(), '{ArrowUp}{ArrowUp}{ArrowDown}');
    expect(lens.store.getState().settings.seed).toBe('3');
  });
});

describe('the model', () => {
  test('tells its phases', async () => {
    const { lens, engine } = testLens();
    render(<App lens={lens} />);
    act(() => lens.start());
    const model = () => screen.getByRole('button', { name: /^Model/ }).textContent;
    const phase = (next: Parameters<typeof engine.lastLoad.input.onPhase>[0]) =>
      act(() => engine.lastLoad.input.onPhase(next));
    phase({ phase: 'loading', file: 'model.safetensors', loadedBytes: 3_200_000, totalBytes: 9_398_152 });
    expect(model()).toContain('Loading 3.20 MB of 9.40 MB');
    phase({ phase: 'compiling' });
    expect(model()).toContain('Compiling');
    phase({ phase: 'warming-up', step: 0, steps: 2 });
    expect(model()).toContain('Warming up, 1 of 2');
    await act(async () => {
      engine.lastLoad.resolve(modelInfo());
      await settle();
    });
    expect(model()).toBe('Test model');
    expect(screen.getByRole('button', { name: 'Device: WebAssembly · 2 threads' })).toBeDefined();
  });

  test('offers WebAssembly where a graphics driver takes long', async () => {
    const { lens, engine } = testLens();
    render(<App lens={lens} />);
    act(() => lens.start());
    vi.useFakeTimers();
    try {
      const offer = () => screen.queryByRole('button', { name: 'Use WebAssembly' });
      const wait = () => act(() => vi.advanceTimersByTime(25_000));
      act(() => engine.lastLoad.input.onPhase({ phase: 'compiling' }));
      wait();
      expect(offer()).toBeNull();
      act(() => engine.lastLoad.input.onPhase({ phase: 'compiling', graphics: true }));
      act(() => vi.advanceTimersByTime(10_000));
      expect(offer()).toBeNull();
      act(() => engine.lastLoad.input.onPhase({ phase: 'warming-up', step: 0, steps: 3, graphics: true }));
      act(() => vi.advanceTimersByTime(15_000));
      act(() => offer()?.click());
      expect(offer()).toBeNull();
      expect(engine.lastLoad.input.device).toBe('wasm');
    } finally {
      vi.useRealTimers();
    }
  });

  test('that fails says why; a second try works', async () => {
    const { lens, engine } = testLens();
    render(<App lens={lens} />);
    await act(async () => {
      lens.start();
      engine.lastLoad.reject(new LensError('network', 'The connection failed. Check it and try again.'));
      await settle();
    });
    const message = screen.getByRole('alert');
    expect(message.textContent).toContain('The connection failed.');
    expect(canvas(/^Original: Cat/)).toBeDefined();
    await userEvent.click(within(message).getByRole('button', { name: 'Try again' }));
    expect(engine.loads.length).toBe(2);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('runs on the device that is asked for, and a fallback gives its reason', async () => {
    const storage = new FakeStorage();
    const { engine } = await page({ storage });
    await userEvent.click(screen.getByRole('button', { name: /^Device/ }));
    await userEvent.click(screen.getByRole('radio', { name: /^WebGPU/ }));
    expect(engine.lastLoad.input.device).toBe('webgpu');
    expect(storage.getItem('mae-lens:device')).toBe('webgpu');
    await act(async () => {
      const problem = { key: 'device-unavailable/no-webgpu', params: undefined } as const;
      const reason = { key: 'wasm-instead', params: { problem } } as const;
      engine.lastLoad.resolve(modelInfo({ device: { ...modelInfo().device, reason } }));
      await settle();
    });
    expect(
      screen.getByText(/This browser has no WebGPU\. The model runs on WebAssembly instead\./),
    ).toBeDefined();
  });
});

describe('what was computed ahead', () => {
  test('is called precomputed until the live model has painted', async () => {
    const { lens, engine } = testLens({
      fetchPrecomputed: () =>
        Promise.resolve({
          modelName: 'Ahead',
          settings: { ratio: 0.75, seed: '2', generator: 'torch', sample: 'cat' },
          geometry: DEFAULT_GEOMETRY,
          loss: 0.9,
          reconstruction: new Uint8ClampedArray(224 * 224 * 3),
        }),
    });
    render(<App lens={lens} />);
    await act(async () => {
      lens.start();
      await settle();
    });
    expect(status()?.textContent).toContain('precomputed');
    expect(within(facts()).getByText('0.900')).toBeDefined();
    await act(async () => {
      engine.lastLoad.resolve(modelInfo());
      await settle();
    });
    await finish(engine, 0.4);
    expect(status()?.textContent).not.toContain('precomputed');
    expect(within(facts()).getByText('0.400')).toBeDefined();
  });
});

describe('the page', () => {
  test('takes the theme by hand', async () => {
    await page();
    const root = document.documentElement;
    await userEvent.click(screen.getByRole('button', { name: 'Theme: as the system' }));
    expect(root.dataset.theme).toBe('light');
    await userEvent.click(screen.getByRole('button', { name: 'Theme: light' }));
    expect(root.dataset.theme).toBe('dark');
    await userEvent.click(screen.getByRole('button', { name: 'Theme: dark' }));
    expect(root.dataset.theme).toBeUndefined();
  });

  test('obeys single keys, but not while a seed is typed, and not when they are off', async () => {
    const { lens } = await page();
    await userEvent.keyboard('g');
    expect(lens.store.getState().view.patchGrid).toBe(true);
    await userEvent.keyboard(']');
    expect(lens.store.getState().settings.ratio).toBe(0.8);
    await userEvent.type(seed(), 'g');
    expect(lens.store.getState().view.patchGrid).toBe(true);
    act(() => {
      seed().blur();
      lens.setShortcuts(false);
    });
    await userEvent.keyboard('g');
    expect(lens.store.getState().view.patchGrid).toBe(true);
  });

  test('lists every shortcut in its help, once each', async () => {
    await page();
    await userEvent.keyboard('?');
    const help = await screen.findByRole('dialog', { name: 'What you are looking at' });
    const keys = [...help.querySelectorAll('kbd')].map((key) => key.textContent);
    expect(keys).toContain('S');
    expect(keys).toContain('1');
    expect(new Set(keys).size).toBe(keys.length);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('tells screen readers the steps, not the bytes', async () => {
    const { lens, engine } = testLens();
    render(<App lens={lens} />);
    act(() => lens.start());
    const live = () => document.querySelector('[aria-live=polite][role=status]')?.textContent ?? '';
    const said: string[] = [];
    for (const loadedBytes of [200_000, 4_000_000, 9_000_000]) {
      act(() =>
        engine.lastLoad.input.onPhase({ phase: 'loading', file: 'x', loadedBytes, totalBytes: 9_398_152 }),
      );
      said.push(live());
    }
    expect(new Set(said).size).toBe(1);
    await act(async () => {
      engine.lastLoad.resolve(modelInfo());
      await settle();
    });
    expect(live()).toBe('The model is ready, on WebAssembly · 2 threads.');
  });
});
