/** Draws a scene, or the part of it that the panels show, at the screen's own resolution. */
import { CRISP_FROM, FIT, type Viewport } from '../../store/image/viewport.ts';
import type { Heat, Layer, Scene } from './scene.ts';
import { viridis } from './viridis.ts';

/** A masked patch: zero in normalised space, as the reference figure shows it. */
export const MASK_GREY = 'rgb(123, 116, 103)';

/** Where the whole image lies on a canvas that shows a part of it, in whole device pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  /** The side of the whole image. */
  readonly size: number;
}

/** @param side of the canvas, in device pixels */
export function placement(side: number, { zoom, x, y }: Viewport): Placement {
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
  context.fillStyle = MASK_GREY;
  context.fillRect(0, 0, side, side);
  if (scene.base !== null) image(context, place, scene.base);
  if (scene.cover !== null) cover(context, place, scene.grid, scene.cover);
  if (scene.heat !== null) heat(context, place, scene.grid, scene.heat);
  if (scene.order !== null) order(context, place, scene.grid, pixelRatio, scene.order);
  if (scene.lines) lines(context, side, place, scene.grid, Math.max(1, Math.round(pixelRatio / 2)));
}

/** Where the patch border before column or row `index` lies in the whole image, in device pixels. */
export function border(index: number, grid: number, size: number): number {
  return Math.round((index * size) / grid);
}

function image(context: CanvasRenderingContext2D, { left, top, size }: Placement, layer: Layer): void {
  context.drawImage(bitmapOf(layer), left, top, size, size);
}

function cover(
  context: CanvasRenderingContext2D,
  place: Placement,
  grid: number,
  { mask, with: layer }: NonNullable<Scene['cover']>,
): void {
  context.save();
  context.beginPath();
  for (let patch = 0; patch < mask.length; patch++) {
    if (mask[patch] === 1) context.rect(...square(patch, grid, place));
  }
  if (layer === 'grey') {
    context.fillStyle = MASK_GREY;
    context.fill();
  } else {
    context.clip();
    image(context, place, layer);
  }
  context.restore();
}

/** A patch's place on the canvas: x, y, width, height. */
function square(
  patch: number,
  grid: number,
  { left, top, size }: Placement,
): [number, number, number, number] {
  const row = Math.floor(patch / grid);
  const column = patch % grid;
  const x = border(column, grid, size);
  const y = border(row, grid, size);
  return [left + x, top + y, border(column + 1, grid, size) - x, border(row + 1, grid, size) - y];
}

/** Over patches that were not graded: what is beneath stays recognisable. */
const VEIL = 'rgba(28, 26, 23, 0.74)';

function heat(
  context: CanvasRenderingContext2D,
  place: Placement,
  grid: number,
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
  grid: number,
  pixelRatio: number,
  { idsRestore, kept: keptPatches }: NonNullable<Scene['order']>,
): void {
  const cell = place.size / grid;
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
  grid: number,
  width: number,
): void {
  for (let index = 1; index < grid; index++) {
    const at = border(index, grid, size);
    context.fillStyle = 'rgba(0, 0, 0, 0.35)';
    context.fillRect(left + at - width, 0, width, side);
    context.fillRect(0, top + at - width, side, width);
    context.fillStyle = 'rgba(255, 255, 255, 0.4)';
    context.fillRect(left + at, 0, width, side);
    context.fillRect(0, top + at, side, width);
  }
}

const bitmaps = new WeakMap<Uint8ClampedArray, HTMLCanvasElement>();

/** The layer's pixels as something that a canvas can draw, made once. */
function bitmapOf({ size, rgb }: Layer): HTMLCanvasElement {
  const made = bitmaps.get(rgb);
  if (made !== undefined) return made;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  if (context !== null) {
    const image = context.createImageData(size, size);
    for (let i = 0; i < size * size; i++) {
      image.data[i * 4] = rgb[i * 3] ?? 0;
      image.data[i * 4 + 1] = rgb[i * 3 + 1] ?? 0;
      image.data[i * 4 + 2] = rgb[i * 3 + 2] ?? 0;
      image.data[i * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
  bitmaps.set(rgb, canvas);
  return canvas;
}
