/** Draws a scene, or the part of it that the panels show, at the screen's own resolution. */
import { cellBorder, cellRectangle, type Grid } from '../../mae/geometry.ts';
import { type Layer, type Panel, rgbaOf, wholePanel } from '../../mae/panels.ts';
import { CRISP_FROM, FIT, type Viewport } from '../../store/image/viewport.ts';
import type { Heat, Scene } from './scene.ts';
import { viridis } from './viridis.ts';

/** Where the whole image lies on a canvas that shows a part of it, in whole device pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  /** The side of the whole image. */
  readonly size: number;
}

/** @param side of the canvas, in device pixels */
function placement(side: number, { zoom, x, y }: Viewport): Placement {
  const size = Math.round(side * zoom);
  return { left: 0 - Math.round(x * size), top: 0 - Math.round(y * size), size };
}

/**
 * Images are smoothed when enlarged, until their pixels are large enough to be looked at one by one; patches and
 * lines lie on whole device pixels.
 * @param side of the canvas, in device pixels
 * @param pixelRatio device pixels for each of CSS
 * @param viewport the part of the image that fills the canvas
 */
export function paint(
  context: CanvasRenderingContext2D,
  side: number,
  pixelRatio: number,
  scene: Scene,
  viewport: Viewport = FIT,
): void {
  const place = placement(side, viewport);
  context.imageSmoothingEnabled = viewport.zoom < CRISP_FROM;
  context.imageSmoothingQuality = 'high';
  // An empty panel shows what is beneath the canvas.
  if (scene.panel === null) context.clearRect(0, 0, side, side);
  else panel(context, place, scene.panel);
  if (scene.heat !== null) heat(context, place, scene.grid, scene.heat);
  if (scene.order !== null) order(context, place, scene.grid, pixelRatio, scene.order);
  if (scene.lines) lines(context, side, place, scene.grid, Math.max(1, Math.round(pixelRatio / 2)));
}

function image(context: CanvasRenderingContext2D, { left, top, size }: Placement, layer: Layer): void {
  context.drawImage(bitmapOf(layer), left, top, size, size);
}

/** `pixelsOf` at the screen's resolution: on a canvas as large as the image, byte for byte the same. */
function panel(context: CanvasRenderingContext2D, place: Placement, { image: seen, cover }: Panel): void {
  image(context, place, seen);
  if (cover === null) return;
  const { grid, mask, with: layer } = cover;
  context.save();
  context.beginPath();
  for (let patch = 0; patch < mask.length; patch++) {
    if (mask[patch] === 1) context.rect(...square(patch, grid, place));
  }
  context.clip();
  image(context, place, layer);
  context.restore();
}

/** A patch's place on the canvas: x, y, width, height. */
function square(patch: number, grid: Grid, { left, top, size }: Placement): [number, number, number, number] {
  const { x, y, width, height } = cellRectangle(patch, grid, size, size);
  return [left + x, top + y, width, height];
}

/** Over patches that were not graded: what is beneath stays recognisable. */
const VEIL = 'rgba(28, 26, 23, 0.74)';

function heat(
  context: CanvasRenderingContext2D,
  place: Placement,
  grid: Grid,
  { errors, mask, max }: Heat,
): void {
  errors.forEach((error, patch) => {
    context.fillStyle = mask[patch] === 1 ? viridis(max === 0 ? 0 : error / max) : VEIL;
    context.fillRect(...square(patch, grid, place));
  });
}

/** In a cell of fewer CSS pixels a number of a masked patch is no number any more. */
const LEGIBLE = 13;
/** Larger than this, in CSS pixels, a number would only hide its patch. */
const LARGEST_TYPE = 24;

/** Kept patches bright and bold over the image, masked ones plain on the grey. */
function order(
  context: CanvasRenderingContext2D,
  place: Placement,
  grid: Grid,
  pixelRatio: number,
  { idsRestore, kept: keptPatches }: NonNullable<Scene['order']>,
): void {
  const cell = place.size / Math.max(grid.rows, grid.columns);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  idsRestore.forEach((rank, patch) => {
    const kept = rank < keptPatches;
    if (!kept && cell < LEGIBLE * pixelRatio) return;
    const [x, y, width, height] = square(patch, grid, place);
    const digits = String(rank);
    const type = Math.min(cell * (kept ? 0.52 : 0.44), LARGEST_TYPE * pixelRatio);
    context.font = `${kept ? 700 : 450} ${Math.floor(type)}px "Inter Variable", sans-serif`;
    if (kept) {
      context.lineJoin = 'round';
      context.lineWidth = Math.max(2, Math.min(type * 0.3, 4 * pixelRatio));
      context.strokeStyle = 'rgba(0, 0, 0, 0.78)';
      context.strokeText(digits, x + width / 2, y + height / 2, width);
    }
    context.fillStyle = kept ? '#ffffff' : 'rgba(255, 255, 255, 0.82)';
    context.fillText(digits, x + width / 2, y + height / 2, width);
  });
}

/** A dark and a light line side by side: one of them shows on every image. */
function lines(
  context: CanvasRenderingContext2D,
  side: number,
  { left, top, size }: Placement,
  grid: Grid,
  width: number,
): void {
  const inner = (count: number) =>
    Array.from({ length: count - 1 }, (_, index) => cellBorder(index + 1, count, size));
  const pairs = [
    { color: 'rgba(0, 0, 0, 0.35)', by: -width },
    { color: 'rgba(255, 255, 255, 0.4)', by: 0 },
  ];
  for (const { color, by } of pairs) {
    context.fillStyle = color;
    for (const at of inner(grid.columns)) context.fillRect(left + at + by, 0, width, side);
    for (const at of inner(grid.rows)) context.fillRect(0, top + at + by, side, width);
  }
}

const bitmaps = new WeakMap<Uint8ClampedArray, HTMLCanvasElement>();

/** The layer's pixels as something that a canvas can draw, made once. */
function bitmapOf(layer: Layer): HTMLCanvasElement {
  const { width, height, rgb } = layer;
  const made = bitmaps.get(rgb);
  if (made !== undefined) return made;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context !== null) {
    const image = context.createImageData(width, height);
    image.data.set(rgbaOf(wholePanel(layer)));
    context.putImageData(image, 0, 0);
  }
  bitmaps.set(rgb, canvas);
  return canvas;
}
