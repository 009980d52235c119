// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import type { Lens } from '../../store/lens.ts';
import { parseLink } from '../../store/link/link.ts';
import { file, modelInfo, readyLens, settle, testLens } from '../../store/testing/fake-engine.ts';
import { App } from '../App/App.tsx';
import { loadLazyParts } from '../App/lazy-parts.ts';
import { recordCanvases } from '../testing/canvas.ts';

beforeAll(loadLazyParts);

beforeEach(() => {
  recordCanvases();
});

afterEach(cleanup);

async function page(): Promise<Lens> {
  const { lens, engine } = await readyLens();
  render(<App lens={lens} />);
  // The script needs to know how the model takes its images.
  await act(async () => {
    lens.setDevice('wasm');
    engine.lastLoad.resolve(modelInfo({ preprocessor: PUBLISHED_PREPROCESSOR }));
    await settle();
  });
  return lens;
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

/** Everything that was copied, in order. */
function clipboard(): string[] {
  const copied: string[] = [];
  giveClipboard(async (text) => {
    copied.push(text);
  });
  return copied;
}

/** jsdom has none. */
function giveClipboard(writeText: (text: string) => Promise<void>): void {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
}

describe('strategies', () => {
  test('are chosen by their image, with a sentence and the paper’s term', async () => {
    const lens = await page();
    await userEvent.click(button('Masking: Random'));
    const choices = await screen.findByRole('radiogroup', { name: 'What is hidden' });
    expect(within(choices).getAllByRole('radio').length).toBe(9);
    expect(choices.parentElement?.textContent).toContain('Random sampling (the paper’s default)');
    await userEvent.click(within(choices).getByRole('radio', { name: 'Blocks' }));
    expect(lens.store.getState().settings.strategy).toBe('block');
    expect(choices.parentElement?.textContent).toContain('Block-wise sampling (paper, figure 6)');
    expect(screen.getByText(/Blocks, placed by/)).toBeDefined();
  });

  test('that do not use ratio or seed say so, and the controls do nothing', async () => {
    const lens = await page();
    act(() => lens.setStrategy('checkerboard'));
    expect(screen.getByText('50 %', { selector: 'strong' })).toBeDefined();
    expect(screen.getByText(/“Checkerboard” always hides the same number of patches/)).toBeDefined();
    const ratio = screen.getByRole('slider', { name: 'Mask ratio' });
    expect(ratio.getAttribute('aria-disabled')).toBe('true');
    expect(ratio.getAttribute('aria-description')).toContain('always hides the same number');
    const seed = screen.getByRole('textbox', { name: 'Seed' });
    expect(seed.getAttribute('aria-disabled')).toBe('true');
    await userEvent.type(seed, '7{ArrowUp}');
    for (const dice of screen.getAllByRole('button', { name: 'New seed' })) await userEvent.click(dice);
    await userEvent.keyboard(']');
    expect(lens.store.getState().settings).toMatchObject({ seed: '2', ratio: 0.75 });
    expect(screen.queryByText(/torch\.manual_seed/)).toBeNull();
    act(() => lens.setStrategy('single'));
    expect(screen.getByRole('textbox', { name: 'Seed' }).getAttribute('aria-disabled')).toBe('false');
  });

  test('name the mask in the caption of what was painted', async () => {
    const lens = await page();
    act(() => lens.setStrategy('left'));
    expect(screen.getByText(/Painted from 49 patches \(75 %, seed 2\)/)).toBeDefined();
  });
});

describe('undo and redo', () => {
  test('can be pressed when there is something to undo', async () => {
    const lens = await page();
    expect(button('Undo').getAttribute('aria-disabled')).toBe('true');
    await userEvent.click(button('Invert the mask'));
    await userEvent.click(button('Undo'));
    expect(lens.store.getState().settings.painted.size).toBe(0);
    await userEvent.click(button('Redo'));
    expect(lens.store.getState().settings.painted.size).toBe(196);
    await userEvent.click(button('Take the paint off'));
    expect(lens.store.getState().settings).toMatchObject({ ratio: 0.75 });
    expect(lens.store.getState().settings.painted.size).toBe(0);
  });

  test('by key work with single keys turned off, and leave the seed’s text alone', async () => {
    const lens = await page();
    act(() => lens.setShortcuts(false));
    await userEvent.click(button('Hide all patches'));
    await userEvent.click(screen.getByRole('textbox', { name: 'Seed' }));
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(lens.store.getState().masking.kept).toBe(0);
    act(() => screen.getByRole('textbox', { name: 'Seed' }).blur());
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(lens.store.getState().masking.kept).toBe(49);
    await userEvent.keyboard('{Control>}y{/Control}');
    expect(lens.store.getState().masking.kept).toBe(0);
    await userEvent.keyboard('i');
    expect(lens.store.getState().masking.kept).toBe(0);
  });
});

describe('the link', () => {
  test('is copied with the mask, and says what it does not hold', async () => {
    const lens = await page();
    const copied = clipboard();
    act(() => {
      lens.setRatio(0.5);
      lens.setStrategy('block');
    });
    await userEvent.click(button('Copy the link'));
    expect(copied).toEqual([expect.stringMatching(/#ratio=0\.5&strategy=block$/)]);
    expect(screen.getByText('The link is copied.')).toBeDefined();
    await act(() => lens.openFiles([file('secret.png')], 'samples'));
    await userEvent.click(button('Copy the link'));
    expect(copied[1]).toMatch(/#image=own&/);
    expect(copied[1]).not.toContain('secret');
    expect(screen.getByText(/Your image is not in it/)).toBeDefined();
  });

  test('with another model offers to look it up, and looks nothing up before that', async () => {
    const lens = await page();
    act(() => lens.tell('note', { key: 'link-copied' }, 'stage', 'facebook/vit-mae-base'));
    expect(lens.models.store.getState()).toMatchObject({ open: false, inquiry: null });
    await userEvent.click(button('See what facebook/vit-mae-base takes'));
    expect(lens.models.store.getState()).toMatchObject({
      open: true,
      inquiry: { source: { name: 'facebook/vit-mae-base' } },
    });
    expect(lens.store.getState().notice).toBeNull();
  });

  test('that cannot be copied says so', async () => {
    await page();
    giveClipboard(() => Promise.reject(new Error('denied')));
    await userEvent.click(button('Copy the link'));
    expect((await screen.findByRole('alert')).textContent).toContain('did not allow copying');
  });
});

describe('Python', () => {
  test('is shown and copied: the script of what is on the screen', async () => {
    const lens = await page();
    const copied = clipboard();
    act(() => lens.setSeed('41'));
    await userEvent.click(button('Python'));
    const dialog = await screen.findByRole('dialog', { name: 'The same in Python' });
    expect(within(dialog).getByLabelText('Python script').textContent).toContain('torch.manual_seed(41)');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Copy the script' }));
    expect(copied[0]).toContain('torch.manual_seed(41)\nnoise = torch.rand(1, 196)');
    expect(copied[0]).toContain('Image.open("cat.jpg")');
    expect(await within(dialog).findByText('Copied.')).toBeDefined();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('writes the noise of a painted mask out', async () => {
    const lens = await page();
    act(() => lens.paint(new Map([[0, 'kept']])));
    await userEvent.keyboard('p');
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByLabelText('Python script').textContent).toContain('noise = torch.tensor([[');
  });

  test('waits for a model', async () => {
    const { lens } = testLens();
    render(<App lens={lens} />);
    await act(async () => {
      lens.start();
      await settle();
    });
    act(() => lens.setDialog('python'));
    expect((await screen.findByRole('dialog')).textContent).toContain('when the model has been loaded');
  });
});

describe('comparing', () => {
  test('shows two panels with the border where the slider is', async () => {
    await page();
    await userEvent.keyboard('c');
    const dialog = await screen.findByRole('dialog', { name: 'Compare' });
    const slider = within(dialog).getByRole('slider');
    expect(slider.getAttribute('aria-valuetext')).toBe('50 % original, 50 % reconstruction + visible');
    await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'On the left' }), 'masked');
    expect(within(dialog).getByRole('img', { name: 'On the left: masked' })).toBeDefined();
    expect(within(dialog).getByRole('combobox', { name: 'On the left' }).textContent).not.toContain(
      'interpolation',
    );
  });

  test('zooms with the stage, by button and by key, and moves by arrows', async () => {
    const lens = await page();
    await userEvent.keyboard('c');
    const dialog = await screen.findByRole('dialog', { name: 'Compare' });
    const panels = within(dialog).getByLabelText('The two panels');
    expect(panels.tabIndex).toBe(-1);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Zoom in' }));
    expect(lens.store.getState().viewport.zoom).toBe(1.5);
    expect(panels.tabIndex).toBe(0);
    act(() => panels.focus());
    await userEvent.keyboard('+');
    expect(lens.store.getState().viewport).toEqual({ zoom: 2, x: 0.25, y: 0.25 });
    await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowDown}');
    expect(lens.store.getState().viewport.x).toBeCloseTo(0.325);
    expect(lens.store.getState().viewport.y).toBeCloseTo(0.4);
    await userEvent.keyboard('0');
    expect(lens.store.getState().viewport.zoom).toBe(1);
  });

  test('has the interpolation while it is shown', async () => {
    const lens = await page();
    act(() => lens.toggleInterpolation());
    await userEvent.keyboard('c');
    const dialog = await screen.findByRole('dialog', { name: 'Compare' });
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'On the right' }),
      'interpolation',
    );
    expect(within(dialog).getByRole('img', { name: 'On the right: interpolation' })).toBeDefined();
    act(() => lens.toggleInterpolation());
    expect(within(dialog).getByRole('img', { name: 'On the right: reconstruction + visible' })).toBeDefined();
  });
});

describe('a page with parts hidden', () => {
  test('shows what the link left', async () => {
    const lens = await page();
    act(() => void lens.openLink(parseLink('hide=seed,brush')));
    expect(screen.queryByRole('textbox', { name: 'Seed' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Invert the mask' })).toBeNull();
    expect(screen.getByRole('slider', { name: 'Mask ratio' })).toBeDefined();
    expect(screen.getByRole('heading', { level: 1, name: 'MAE Lens' })).toBeDefined();
  });

  test('in another page’s frame links to the whole one', async () => {
    const lens = await page();
    act(() => void lens.openLink(parseLink('embed=1&hide=facts')));
    expect(screen.queryByRole('button', { name: 'Cat' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Model/ })).toBeNull();
    expect(screen.queryByLabelText('Facts')).toBeNull();
    const whole = screen.getByRole('link', { name: /Open the whole page/ });
    expect(whole.getAttribute('href')).not.toContain('embed');
    act(() => void lens.openLink(parseLink('')));
    expect(screen.getByRole('button', { name: 'Cat' })).toBeDefined();
  });
});
