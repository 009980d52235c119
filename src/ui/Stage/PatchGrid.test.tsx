// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Lens } from '../../store/lens.ts';
import { answer, type FakeEngine, modelInfo, readyLens, settle } from '../../store/testing/fake-engine.ts';
import { App } from '../App/App.tsx';
import { type RecordingContext, recordCanvases } from '../testing/canvas.ts';
import { viridis } from './viridis.ts';

const SIDE = 224;
let contextOf: (canvas: HTMLCanvasElement) => RecordingContext;

beforeEach(() => {
  contextOf = recordCanvases();
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, SIDE, SIDE));
});

afterEach(cleanup);

async function page(): Promise<{ lens: Lens; engine: FakeEngine }> {
  const made = await readyLens();
  render(<App lens={made.lens} />);
  return made;
}

const grid = () => screen.getByRole('grid', { name: 'Patches of the masked image' });
const cellAt = (cell: number) => {
  const element = grid().querySelector<HTMLElement>(`[data-cell="${cell}"]`);
  if (element === null) throw new Error(`There is no cell ${cell}.`);
  return element;
};
const label = (cell: number) => cellAt(cell).getAttribute('aria-label');
const line = () => document.querySelector('section[aria-label="The four panels"] p')?.textContent ?? '';

/** The middle of a patch, with a button held where a test says so. */
function at(row: number, column: number, more: Record<string, unknown> = {}) {
  return {
    clientX: column * 16 + 8,
    clientY: row * 16 + 8,
    pointerId: 1,
    isPrimary: true,
    button: 0,
    ...more,
  };
}

function drag(from: readonly [number, number], to: readonly [number, number], more = {}): void {
  fireEvent.pointerDown(grid(), at(...from, more));
  fireEvent.pointerMove(grid(), at(...to, more));
  fireEvent.pointerUp(grid(), at(...to, more));
}

const state = (lens: Lens) => lens.store.getState();
const hidden = (lens: Lens) => (cell: number) => state(lens).masking.mask[cell] === 1;
const row = (number: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => number * 14 + from + i);

describe('the grid', () => {
  test('has a row for each row and a labelled cell for each patch', async () => {
    const { lens } = await page();
    expect(grid().querySelectorAll('[role=row]').length).toBe(14);
    expect(grid().querySelectorAll('[role=row] > [role=gridcell]').length).toBe(196);
    // Of seed 2 at 75 %, patch 82 is kept first; 0 is hidden.
    expect(label(82)).toBe('Row 6, column 13, visible');
    expect(label(0)).toBe('Row 1, column 1, masked, error 0.00');
    act(() => lens.setRatio(0));
    expect(label(0)).toBe('Row 1, column 1, visible');
  });

  test('is one stop of the Tab key, and arrows, Home and End move in it', async () => {
    const { lens } = await page();
    expect(grid().querySelectorAll('[tabindex="0"]').length).toBe(1);
    act(() => cellAt(0).focus());
    await userEvent.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}');
    expect(document.activeElement).toBe(cellAt(16));
    expect(state(lens).patch).toBe(16);
    await userEvent.keyboard('{Home}{ArrowLeft}{ArrowUp}{ArrowUp}');
    expect(document.activeElement).toBe(cellAt(0));
    await userEvent.keyboard('{End}{ArrowRight}');
    expect(document.activeElement).toBe(cellAt(13));
    await userEvent.keyboard('{Control>}{End}{/Control}');
    expect(document.activeElement).toBe(cellAt(195));
    await userEvent.keyboard('{ArrowDown}');
    expect(grid().querySelectorAll('[tabindex="0"]').length).toBe(1);
    expect(cellAt(195).tabIndex).toBe(0);
  });

  test('has as many patches as the model, with the focus inside', async () => {
    const { lens, engine } = await page();
    act(() => cellAt(195).focus());
    act(() => lens.setDevice('wasm'));
    await act(async () => {
      engine.lastLoad.resolve(modelInfo({ imageSize: 64 }));
      await settle();
    });
    expect(grid().querySelectorAll('[role=gridcell]').length).toBe(16);
    expect(grid().querySelectorAll('[tabindex="0"]').length).toBe(1);
  });
});

describe('painting by hand', () => {
  test('turns one patch with a click, on the canvas in the same call', async () => {
    const { lens } = await page();
    const canvas = screen.getByRole('img', { name: /^Masked/ });
    const { drawings } = contextOf(canvas as HTMLCanvasElement);
    drawings.length = 0;
    fireEvent.pointerDown(grid(), at(0, 0));
    expect(drawings.filter(({ kind }) => kind === 'rect').length).toBe(146);
    fireEvent.pointerUp(grid(), at(0, 0));
    expect(hidden(lens)(0)).toBe(false);
    expect(state(lens).settings.painted.size).toBe(1);
  });

  test('goes on as it began, without gaps, in one step', async () => {
    const { lens } = await page();
    // Row 4 of seed 2 has visible patches too: all end up as the first one did.
    drag([3, 1], [3, 12]);
    expect(row(3, 1, 12).every((cell) => !hidden(lens)(cell))).toBe(true);
    expect(state(lens).history.past.length).toBe(1);
    drag([3, 1], [3, 12]);
    expect(row(3, 1, 12).every(hidden(lens))).toBe(true);
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(row(3, 1, 12).some(hidden(lens))).toBe(false);
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(state(lens).settings.painted.size).toBe(0);
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    expect(state(lens).settings.painted.size).toBe(12);
  });

  test('with Shift draws a rectangle that can shrink again', async () => {
    const { lens } = await page();
    act(() => lens.paintEverything('masked'));
    fireEvent.pointerDown(grid(), at(2, 2, { shiftKey: true }));
    fireEvent.pointerMove(grid(), at(8, 8));
    fireEvent.pointerMove(grid(), at(4, 3));
    fireEvent.pointerUp(grid(), at(4, 3));
    expect(state(lens).masking.kept).toBe(6);
    expect([30, 31, 44, 45, 58, 59].some(hidden(lens))).toBe(false);
  });

  test('with the tools: a rectangle without Shift, and filling', async () => {
    const { lens } = await page();
    act(() => lens.paintEverything('kept'));
    await userEvent.click(screen.getByRole('radio', { name: 'Rectangle' }));
    drag([0, 0], [13, 0]);
    expect(state(lens).masking.kept).toBe(182);
    await userEvent.click(screen.getByRole('radio', { name: 'Fill' }));
    drag([5, 5], [5, 5]);
    expect(state(lens).masking.kept).toBe(0);
  });

  test('does nothing while no button is held, and nothing with the other buttons', async () => {
    const { lens } = await page();
    fireEvent.pointerMove(grid(), at(0, 0));
    drag([0, 0], [5, 5], { button: 2 });
    drag([0, 0], [5, 5], { isPrimary: false });
    expect(state(lens).settings.painted.size).toBe(0);
  });

  test('outside the panel goes along its edge', async () => {
    const { lens } = await page();
    act(() => lens.paintEverything('masked'));
    fireEvent.pointerDown(grid(), at(0, 12));
    fireEvent.pointerMove(grid(), { ...at(0, 0), clientX: 900, clientY: -50 });
    fireEvent.pointerUp(grid(), at(0, 0));
    expect(hidden(lens)(13)).toBe(false);
    expect(state(lens).masking.kept).toBe(2);
  });
});

describe('painting by key', () => {
  test('Space turns, Shift with arrows goes on from there, F fills', async () => {
    const { lens } = await page();
    act(() => lens.paintEverything('masked'));
    act(() => cellAt(0).focus());
    await userEvent.keyboard(' ');
    expect(hidden(lens)(0)).toBe(false);
    await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{ArrowDown}{/Shift}');
    expect([0, 1, 2, 14, 15, 16].some(hidden(lens))).toBe(false);
    expect(state(lens).masking.kept).toBe(6);
    // Everything hidden, the toggle, and the extension.
    expect(state(lens).history.past.length).toBe(3);
    await userEvent.keyboard('f');
    expect(state(lens).masking.kept).toBe(0);
  });

  test('does not set off single-key shortcuts of the page', async () => {
    const { lens } = await page();
    act(() => cellAt(0).focus());
    const { sample } = state(lens).settings;
    await userEvent.keyboard(' {Enter}');
    expect(state(lens).settings.sample).toBe(sample);
    expect(state(lens).masking.kept).toBe(49);
  });
});

describe('the ratio', () => {
  test('follows the brush', async () => {
    await page();
    drag([0, 0], [0, 0]);
    expect(screen.getByText(/^, 50 of 196 patches seen/)).toBeDefined();
    expect(screen.getByText(/Painted over the mask of/)).toBeDefined();
  });
});

describe('pointing at a patch', () => {
  test('marks it in all four panels and says what it is, in a line of its own', async () => {
    await page();
    expect(line()).toContain('The mask is yours');
    const frame = document.querySelector('figure[data-place=original] canvas')?.parentElement;
    if (frame == null) throw new Error('There is no original panel.');
    fireEvent.pointerMove(frame, at(5, 12));
    const marks = [...document.querySelectorAll('[data-patch]')];
    expect(marks.map((mark) => mark.getAttribute('data-patch'))).toEqual(['82', '82', '82', '82']);
    expect(line()).toBe(
      'Patch 82 · row 6, column 13 · visible · kept as number 0 in the shuffled order · error 0.000, not graded',
    );
    fireEvent.pointerLeave(frame);
    expect(document.querySelector('[data-patch]')).toBeNull();
  });

  test('by focus works too', async () => {
    await page();
    act(() => cellAt(0).focus());
    expect(line()).toMatch(
      /^Patch 0 · row 1, column 1 · masked · place \d+ in the shuffled order · error 0\.000$/,
    );
    act(() => cellAt(0).blur());
    expect(line()).toContain('The mask is yours');
  });
});

describe('what lies over the panels', () => {
  test('the numbers are ids_restore, those of kept patches outlined', async () => {
    const { lens } = await page();
    const context = contextOf(screen.getByRole('img', { name: /^Masked/ }) as HTMLCanvasElement);
    await userEvent.click(screen.getByRole('button', { name: 'Number the patches' }));
    expect(
      context
        .of('strokeText')
        .map(({ args }) => Number(args[0]))
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 49 }, (_, place) => place));
    const written = context.of('fillText').map(({ args }) => Number(args[0]));
    expect(written).toEqual([...state(lens).masking.idsRestore]);
  });

  test('the errors colour hidden patches by viridis, up to the largest of them', async () => {
    const { lens, engine } = await page();
    act(() => lens.setRatio(0.5));
    const run = engine.lastRun;
    const { mask } = run.input.mask;
    // Visible patches are worse than every hidden one, and must not count.
    const patchErrors = Float32Array.from(mask, (value, cell) => (value === 1 ? cell / 195 : 9));
    await act(async () => {
      run.resolve({ ...answer(run.input.mask, 0.4), patchErrors });
      await settle();
    });
    const canvas = screen.getByRole('img', { name: /^Reconstruction and visible/ }) as HTMLCanvasElement;
    const { drawings } = contextOf(canvas);
    drawings.length = 0;
    await userEvent.click(screen.getByRole('button', { name: 'Error per patch' }));
    expect(screen.getByRole('heading', { name: 'error per patch' })).toBeDefined();
    const fills = drawings.filter(({ kind }) => kind === 'fillRect');
    expect(fills.length).toBe(196);
    const max = patchErrors.reduce(
      (most, error, cell) => (mask[cell] === 1 ? Math.max(most, error) : most),
      0,
    );
    const worst = patchErrors.indexOf(max);
    expect(fills[worst]?.fillStyle).toBe(viridis(1));
    const visible = mask.indexOf(0);
    expect(fills[visible]?.fillStyle).toContain('rgba');
    expect(screen.getByText(max.toFixed(3))).toBeDefined();
  });

  test('no errors are claimed when nothing is hidden', async () => {
    const { lens, engine } = await page();
    act(() => lens.setRatio(0));
    await act(async () => {
      engine.lastRun.resolve(answer(engine.lastRun.input.mask, Number.NaN));
      await settle();
    });
    act(() => lens.toggleErrors());
    expect(screen.getByText(/no patch is graded/)).toBeDefined();
  });
});

test('viridis ends as matplotlib’s', () => {
  expect(viridis(0)).toBe('rgb(68, 1, 84)');
  expect(viridis(1)).toBe('rgb(253, 231, 37)');
  expect(viridis(7)).toBe('rgb(253, 231, 37)');
});
