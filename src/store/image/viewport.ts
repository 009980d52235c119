/** Which part of the image the panels show: a square window on it, the same for all of them. */

import { columnOf, type Grid, rowOf } from '../../mae/geometry.ts';

/** Lengths in parts of the image's side. */
export interface Viewport {
  /** How much larger than the whole image; the window's side is its inverse. */
  readonly zoom: number;
  /** The window's left and upper edge, from 0 to 1 - 1 / zoom. */
  readonly x: number;
  readonly y: number;
}

/** A place in the window, from 0 to 1; or a way, in parts of the window. */
export interface InWindow {
  readonly x: number;
  readonly y: number;
}

/** The whole image. */
export const FIT: Viewport = { zoom: 1, x: 0, y: 0 };

/** A patch of a usual model then fills the window. */
export const MAX_ZOOM = 16;

/** From here on the image's pixels are shown as the squares that they are. */
export const CRISP_FROM = 3;

/** What the buttons and the keys go through. */
const STEPS = [1, 1.5, 2, 3, 4, 6, 8, 12, MAX_ZOOM] as const;

const MIDDLE: InWindow = { x: 0.5, y: 0.5 };

/** Zooms to a magnification; what is at `at` stays there, as far as the image's edges allow. */
export function zoomTo(viewport: Viewport, zoom: number, at: InWindow = MIDDLE): Viewport {
  const next = Math.min(MAX_ZOOM, Math.max(1, zoom));
  return windowAt(
    next,
    viewport.x + at.x / viewport.zoom - at.x / next,
    viewport.y + at.y / viewport.zoom - at.y / next,
  );
}

/** The next larger or smaller step. */
export function zoomStep(viewport: Viewport, direction: 'in' | 'out', at?: InWindow): Viewport {
  // Wheels and fingers stop between the steps, by less than can be seen too.
  const slack = 1.001;
  const next =
    direction === 'in'
      ? STEPS.find((step) => step > viewport.zoom * slack)
      : STEPS.findLast((step) => step < viewport.zoom / slack);
  return next === undefined ? viewport : zoomTo(viewport, next, at);
}

/** Moves the window over the image. */
export function pan(viewport: Viewport, by: InWindow): Viewport {
  const { zoom, x, y } = viewport;
  return windowAt(zoom, x + by.x / zoom, y + by.y / zoom);
}

/** Moves the window as little as it takes to show a cell of a grid; one that is larger than the window is centred. */
export function reveal(viewport: Viewport, cell: number, grid: Grid): Viewport {
  const { zoom, x, y } = viewport;
  const side = 1 / zoom;
  const along = (start: number, index: number, count: number): number => {
    const first = index / count;
    const last = (index + 1) / count;
    if (last - first >= side) return (first + last - side) / 2;
    return Math.min(first, Math.max(last - side, start));
  };
  return windowAt(zoom, along(x, columnOf(cell, grid), grid.columns), along(y, rowOf(cell, grid), grid.rows));
}

function windowAt(zoom: number, x: number, y: number): Viewport {
  if (zoom === 1) return FIT;
  const most = 1 - 1 / zoom;
  return { zoom, x: Math.min(most, Math.max(0, x)), y: Math.min(most, Math.max(0, y)) };
}
