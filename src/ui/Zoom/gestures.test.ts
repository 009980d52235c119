// @vitest-environment jsdom
import { fireEvent } from '@testing-library/dom';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FIT, type Viewport, zoomTo } from '../../store/image/viewport.ts';
import { listenForZoom } from './gestures.ts';

const SIDE = 200;
let viewport: Viewport;
let pans: HTMLElement;
let paints: HTMLElement;
let outside: HTMLElement;

beforeEach(() => {
  viewport = FIT;
  document.body.innerHTML =
    '<main><p></p><div data-viewport="pan"><input type="range"></div><div data-viewport="paint"></div></main>';
  const root = find('main');
  outside = find('p');
  pans = find('[data-viewport="pan"]');
  paints = find('[data-viewport="paint"]');
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 50, SIDE, SIDE));
  const stop = listenForZoom(root, {
    get: () => viewport,
    set: (next) => {
      viewport = next;
    },
  });
  return () => {
    stop();
    vi.restoreAllMocks();
  };
});

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`There is no ${selector}.`);
  return element;
}

/** In parts of the square. */
const at = (x: number, y: number) => ({ clientX: 100 + x * SIDE, clientY: 50 + y * SIDE });
const finger = (pointerId: number, x: number, y: number) => ({
  ...at(x, y),
  pointerId,
  pointerType: 'touch',
  isPrimary: pointerId === 1,
});

describe('the wheel', () => {
  test('alone is the page’s, and Ctrl with it beyond the panels is the browser’s', () => {
    expect(fireEvent.wheel(pans, { ...at(0.5, 0.5), deltaY: -100 })).toBe(true);
    expect(fireEvent.wheel(outside, { ...at(0.5, 0.5), deltaY: -100, ctrlKey: true })).toBe(true);
    expect(viewport).toBe(FIT);
  });

  test.each(['ctrlKey', 'metaKey'])('with %s zooms about the pointer, and the page stays', (key) => {
    expect(fireEvent.wheel(pans, { ...at(0.25, 1), deltaY: -100, [key]: true })).toBe(false);
    expect(viewport.zoom).toBeCloseTo(Math.exp(0.25));
    expect(viewport.x + 0.25 / viewport.zoom).toBeCloseTo(0.25);
    expect(viewport.y + 1 / viewport.zoom).toBeCloseTo(1);
    // At its end it is still not the browser's.
    for (let i = 0; i < 3; i++)
      expect(fireEvent.wheel(paints, { ...at(0, 0), deltaY: 100, ctrlKey: true })).toBe(false);
    expect(viewport).toBe(FIT);
  });

  test('by lines is as strong as by pixels', () => {
    fireEvent.wheel(pans, { ...at(0.5, 0.5), deltaY: -3, deltaMode: 1, ctrlKey: true });
    expect(viewport.zoom).toBeCloseTo(Math.exp(0.25));
  });
});

describe('dragging', () => {
  const drag = (element: HTMLElement, button: number) => {
    fireEvent.pointerDown(element, { ...at(0.5, 0.5), button, pointerId: 1, isPrimary: true });
    fireEvent.pointerMove(element, { ...at(0.25, 0.6), pointerId: 1 });
    fireEvent.pointerUp(element, { ...at(0.25, 0.6), pointerId: 1 });
    fireEvent.pointerMove(element, { ...at(0, 0), pointerId: 1 });
  };

  test('moves the image with the pointer, and ends with it', () => {
    viewport = zoomTo(FIT, 2);
    drag(pans, 0);
    expect(viewport.x).toBeCloseTo(0.25 + 0.125);
    expect(viewport.y).toBeCloseTo(0.25 - 0.05);
  });

  test('on the masked panel is the brush’s, but with the middle button', () => {
    viewport = zoomTo(FIT, 2);
    drag(paints, 0);
    expect(viewport.x).toBe(0.25);
    drag(paints, 1);
    expect(viewport.x).toBeCloseTo(0.375);
  });

  test('does nothing while the whole image is shown, nor from a slider', () => {
    drag(pans, 0);
    expect(viewport).toBe(FIT);
    viewport = zoomTo(FIT, 2);
    drag(find('input'), 0);
    expect(viewport.x).toBe(0.25);
  });
});

describe('two fingers', () => {
  test('zoom and move at once, wherever they lie', () => {
    fireEvent.pointerDown(paints, finger(1, 0.4, 0.5));
    fireEvent.pointerDown(pans, finger(2, 0.6, 0.5));
    fireEvent.pointerMove(paints, finger(1, 0.3, 0.5));
    fireEvent.pointerMove(pans, finger(2, 0.7, 0.5));
    expect(viewport.zoom).toBeCloseTo(2);
    expect(viewport.x + 0.5 / viewport.zoom).toBeCloseTo(0.5);
    const { x } = viewport;
    fireEvent.pointerMove(paints, finger(1, 0.2, 0.5));
    fireEvent.pointerMove(pans, finger(2, 0.6, 0.5));
    expect(viewport.zoom).toBeCloseTo(2);
    expect(viewport.x).toBeCloseTo(x + 0.05);
    fireEvent.pointerUp(pans, finger(2, 0.6, 0.5));
    fireEvent.pointerMove(paints, finger(1, 0.9, 0.5));
    expect(viewport.zoom).toBeCloseTo(2);
  });

  test('are kept from scrolling the page; one is not', () => {
    const touch = (count: number) =>
      fireEvent.touchMove(pans, {
        touches: Array.from({ length: count }, () => at(0.5, 0.5)),
        cancelable: true,
      });
    expect(touch(1)).toBe(true);
    expect(touch(2)).toBe(false);
  });
});

test('a double click comes closer, and from the closest goes back to the whole', () => {
  fireEvent.doubleClick(pans, at(1, 1));
  expect(viewport).toEqual({ zoom: 2, x: 0.5, y: 0.5 });
  fireEvent.doubleClick(paints, at(0, 0));
  expect(viewport.zoom).toBe(2);
  for (let i = 0; i < 3; i++) fireEvent.doubleClick(pans, at(0.5, 0.5));
  expect(viewport.zoom).toBe(16);
  fireEvent.doubleClick(pans, at(0.5, 0.5));
  expect(viewport).toBe(FIT);
});
