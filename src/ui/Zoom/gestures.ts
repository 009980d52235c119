/**
 * Moves the shared window by hand: Ctrl or Command with the wheel (which is also what a touchpad's pinch says), two
 * fingers, dragging, a double click. Everything else stays the browser's, its own zoom of the page too.
 *
 * An element with `data-viewport` takes these; its value says what a drag with the main button does there: `pan` moves
 * the window, `paint` leaves it to the brush, where the middle button moves the window. The image's square is the
 * element itself, or the one with `data-window` in it.
 */
import { FIT, type InWindow, MAX_ZOOM, pan, type Viewport, zoomTo } from '../../store/image/viewport.ts';

export interface ViewportAccess {
  readonly get: () => Viewport;
  readonly set: (viewport: Viewport) => void;
}

/** A wheel's notch says about 100 pixels, a touchpad a few at a time: both should be steps that can be followed. */
const LARGEST_NOTCH = 25;
const WHEEL_RATE = 0.01;
/** Lines and pages of a wheel that does not count pixels. */
const DELTA_UNITS = [1, 20, 100];

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Listens within `root` until the returned function is called. */
export function listenForZoom(root: HTMLElement, { get, set }: ViewportAccess): () => void {
  /** The fingers on it, by pointer. */
  const fingers = new Map<number, Point>();
  let square: HTMLElement | null = null;
  let dragged: { readonly pointer: number; readonly last: Point } | null = null;

  /** From places on the screen to the window of the image that the gesture began on. */
  function inWindow({ x, y }: Point): InWindow {
    const box = square?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return { x: 0.5, y: 0.5 };
    return { x: (x - box.left) / box.width, y: (y - box.top) / box.height };
  }

  function moveWindow(from: Point, to: Point): void {
    const [a, b] = [inWindow(from), inWindow(to)];
    set(pan(get(), { x: a.x - b.x, y: a.y - b.y }));
  }

  const wheel = (event: WheelEvent): void => {
    const area = areaOf(event.target);
    if (area === null || !(event.ctrlKey || event.metaKey)) return;
    // Or the browser would zoom the whole page.
    event.preventDefault();
    square = squareOf(area);
    const delta = event.deltaY * (DELTA_UNITS[event.deltaMode] ?? 1);
    const notch = Math.min(LARGEST_NOTCH, Math.max(-LARGEST_NOTCH, delta));
    const viewport = get();
    set(zoomTo(viewport, viewport.zoom * Math.exp(-notch * WHEEL_RATE), inWindow(at(event))));
  };

  const pointerDown = (event: PointerEvent): void => {
    const area = areaOf(event.target);
    if (area === null || isControl(event.target)) return;
    if (event.pointerType === 'touch') {
      if (fingers.size === 0) square = squareOf(area);
      fingers.set(event.pointerId, at(event));
      if (fingers.size > 1) dragged = null;
    }
    const pans = event.button === 1 || (event.button === 0 && area.dataset.viewport === 'pan');
    if (!pans || fingers.size > 1 || get().zoom === 1) return;
    // No text is selected on the way, and no scrolling begins with the middle button.
    event.preventDefault();
    square = squareOf(area);
    dragged = { pointer: event.pointerId, last: at(event) };
    area.setPointerCapture?.(event.pointerId);
    root.dataset.panning = 'true';
  };

  const pointerMove = (event: PointerEvent): void => {
    const now = at(event);
    const before = fingers.get(event.pointerId);
    if (before !== undefined) fingers.set(event.pointerId, now);
    const other = [...fingers].find(([pointer]) => pointer !== event.pointerId)?.[1];
    if (before !== undefined && other !== undefined) {
      pinch([before, other], [now, other]);
    } else if (dragged?.pointer === event.pointerId) {
      moveWindow(dragged.last, now);
      dragged = { pointer: event.pointerId, last: now };
    }
  };

  function pinch(before: readonly [Point, Point], now: readonly [Point, Point]): void {
    const apart = distance(before);
    const viewport = get();
    if (apart > 0) set(zoomTo(viewport, (viewport.zoom * distance(now)) / apart, inWindow(middle(before))));
    moveWindow(middle(before), middle(now));
  }

  const pointerEnd = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (dragged?.pointer !== event.pointerId) return;
    dragged = null;
    delete root.dataset.panning;
  };

  const doubleClick = (event: MouseEvent): void => {
    const area = areaOf(event.target);
    if (area?.dataset.viewport !== 'pan' || isControl(event.target)) return;
    square = squareOf(area);
    const viewport = get();
    set(viewport.zoom === MAX_ZOOM ? FIT : zoomTo(viewport, viewport.zoom * 2, inWindow(at(event))));
  };

  /** Two fingers neither scroll the page nor zoom it. */
  const touch = (event: TouchEvent): void => {
    if (event.touches.length > 1 && event.cancelable && areaOf(event.target) !== null) event.preventDefault();
  };

  /** Some browsers begin to scroll with the middle button here. */
  const mouseDown = (event: MouseEvent): void => {
    if (event.button === 1 && get().zoom > 1 && areaOf(event.target) !== null) event.preventDefault();
  };

  const listening = new AbortController();
  const { signal } = listening;
  root.addEventListener('wheel', wheel, { passive: false, signal });
  root.addEventListener('pointerdown', pointerDown, { signal });
  root.addEventListener('pointermove', pointerMove, { signal });
  root.addEventListener('pointerup', pointerEnd, { signal });
  root.addEventListener('pointercancel', pointerEnd, { signal });
  root.addEventListener('dblclick', doubleClick, { signal });
  root.addEventListener('mousedown', mouseDown, { signal });
  root.addEventListener('touchstart', touch, { passive: false, signal });
  root.addEventListener('touchmove', touch, { passive: false, signal });
  return () => listening.abort();
}

function areaOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-viewport]') : null;
}

function squareOf(area: HTMLElement): HTMLElement {
  return area.querySelector<HTMLElement>('[data-window]') ?? area;
}

/** Such as the slider of a comparison. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLButtonElement;
}

function at({ clientX, clientY }: MouseEvent): Point {
  return { x: clientX, y: clientY };
}

function middle([a, b]: readonly [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
