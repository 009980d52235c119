// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FIT, zoomTo } from '../../store/image/viewport.ts';
import type { Lens } from '../../store/lens.ts';
import { file, readyLens } from '../../store/testing/fake-engine.ts';
import { App } from '../App/App.tsx';
import { type RecordingContext, recordCanvases } from '../testing/canvas.ts';

const SIDE = 224;
let contextOf: (canvas: HTMLCanvasElement) => RecordingContext;

beforeEach(() => {
  contextOf = recordCanvases();
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, SIDE, SIDE));
});

afterEach(cleanup);

async function page(): Promise<Lens> {
  const { lens } = await readyLens();
  render(<App lens={lens} />);
  return lens;
}

const view = (lens: Lens) => lens.store.getState().viewport;
const cell = (index: number) => {
  const found = document.querySelector<HTMLElement>(`[data-cell="${index}"]`);
  if (found === null) throw new Error(`There is no cell ${index}.`);
  return found;
};
const touch = (pointerId: number) => ({
  pointerId,
  pointerType: 'touch',
  isPrimary: pointerId === 1,
  button: 0,
  clientX: 8,
  clientY: 8,
});

test('buttons and keys zoom all panels at once', async () => {
  const lens = await page();
  const stage = screen.getByLabelText('The four panels');
  expect(stage.dataset.zoomed).toBe('false');
  expect(screen.getByRole('button', { name: 'Zoom out' }).getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'Zoom in' }));
  await userEvent.keyboard('+=');
  expect(view(lens).zoom).toBe(3);
  expect(screen.getByRole('group', { name: 'Zoom, 3×' })).toBeDefined();
  expect(stage.dataset.zoomed).toBe('true');
  expect(stage.style.getPropertyValue('--zoom')).toBe('3');
  for (const name of [/^Original/, /^Masked/, /^Reconstruction: /, /^Reconstruction and visible/]) {
    const canvas = screen.getByRole<HTMLCanvasElement>('img', { name });
    const drawn = contextOf(canvas).of('drawImage').at(-1)?.args.slice(1);
    expect(drawn).toEqual([-SIDE, -SIDE, 3 * SIDE, 3 * SIDE]);
    expect(contextOf(canvas).imageSmoothingEnabled).toBe(false);
  }
  await userEvent.keyboard('-');
  expect(view(lens).zoom).toBe(2);
  await userEvent.keyboard('0');
  expect(view(lens)).toBe(FIT);
  // The browser's own zoom is not in the way.
  await userEvent.keyboard('{Control>}+{/Control}');
  expect(view(lens)).toBe(FIT);
});

test('another image is shown whole', async () => {
  const lens = await page();
  act(() => lens.setViewport(zoomTo(FIT, 4)));
  await act(() => lens.openFiles([file('other.png')], 'samples'));
  expect(view(lens)).toBe(FIT);
});

describe('zoomed, the patches', () => {
  test('come into sight with the focus', async () => {
    const lens = await page();
    act(() => lens.setViewport(zoomTo(FIT, 7, { x: 0, y: 0 })));
    act(() => cell(0).focus());
    expect(view(lens)).toEqual(zoomTo(FIT, 7, { x: 0, y: 0 }));
    await userEvent.keyboard('{ArrowRight}');
    expect(view(lens).x).toBe(0);
    await userEvent.keyboard('{ArrowRight}');
    expect(view(lens).x).toBeCloseTo(1 / 14);
    await userEvent.keyboard('{Control>}{End}{/Control}');
    expect(view(lens).x).toBeCloseTo(1 - 1 / 7);
    expect(view(lens).y).toBeCloseTo(1 - 1 / 7);
  });

  test('do not move under the brush', async () => {
    const lens = await page();
    act(() => lens.setViewport(zoomTo(FIT, 7)));
    const before = view(lens);
    const grid = screen.getByRole('grid');
    fireEvent.pointerDown(grid, { ...touch(1), pointerType: 'mouse' });
    fireEvent.pointerMove(grid, { ...touch(1), pointerType: 'mouse', clientX: 40 });
    fireEvent.pointerUp(grid, { ...touch(1), pointerType: 'mouse', clientX: 40 });
    expect(lens.store.getState().settings.painted.size).toBe(3);
    expect(view(lens)).toBe(before);
  });

  test('all have their numbers once they are large enough', async () => {
    // A phone: cells of 8 pixels.
    vi.spyOn(HTMLCanvasElement.prototype, 'clientWidth', 'get').mockReturnValue(112);
    vi.spyOn(HTMLCanvasElement.prototype, 'clientHeight', 'get').mockReturnValue(112);
    const lens = await page();
    const canvas = screen.getByRole<HTMLCanvasElement>('img', { name: /^Masked/ });
    act(() => lens.toggleOrder());
    expect(contextOf(canvas).of('fillText').length).toBe(49);
    contextOf(canvas).drawings.length = 0;
    act(() => lens.setViewport(zoomTo(FIT, 2)));
    expect(contextOf(canvas).of('fillText').length).toBe(196);
  });
});

describe('a second finger', () => {
  test.each(['cells', 'rectangle', 'fill'] as const)(
    'takes back what the first painted (%s)',
    async (tool) => {
      const lens = await page();
      act(() => {
        lens.setTool(tool);
        lens.setRatio(0.5);
        lens.endStep();
        lens.setRatio(0.6);
        lens.endStep();
        lens.undo();
      });
      const { settings, history } = lens.store.getState();
      const grid = screen.getByRole('grid');
      fireEvent.pointerDown(grid, touch(1));
      expect(lens.store.getState().settings.painted.size).toBeGreaterThan(0);
      fireEvent.pointerDown(document.body, touch(2));
      expect(lens.store.getState().settings).toEqual(settings);
      expect(lens.store.getState().history).toEqual(history);
      fireEvent.pointerMove(grid, { ...touch(1), clientX: 100 });
      fireEvent.pointerUp(grid, { ...touch(1), clientX: 100 });
      expect(lens.store.getState().history).toEqual(history);
    },
  );

  test('leaves a slider under way alone', async () => {
    const lens = await page();
    act(() => lens.setRatio(0.4));
    fireEvent.pointerDown(document.body, touch(2));
    expect(lens.store.getState().settings.ratio).toBe(0.4);
  });
});
