/** Draws a scene at the screen's own resolution. */
import type { Heat, Layer, Scene } from './scene.ts';
import { viridis } from './viridis.ts';

/** A masked patch: zero in normalised space, as the reference figure shows it. */
export const MASK_GREY = 'rgb(123, 116, 103)';

/**
 * Pictures are smoothed when enlarged; patches and lines lie on whole device pixels.
 * @param side of the canvas, in device pixels
 * @param lineWidth of the patch grid, in device pixels
 */
export function paint(
  context: CanvasRenderingContext2D,
  side: number,
  lineWidth: number,
  scene: Scene,
): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = MASK_GREY;
  context.fillRect(0, 0, side, side);
  if (scene.base !== null) context.drawImage(bitmapOf(scene.base), 0, 0, side, side);
  if (scene.cover !== null) cover(context, side, scene.grid, scene.cover);
  if (scene.heat !== null) heat(context, side, scene.grid, scene.heat);
  if (scene.order !== null) order(context, side, scene.grid, scene.order);
  if (scene.lines) lines(context, side, scene.grid, lineWidth);
}

/** Where the patch border before column or row `index` lies, in device pixels. */
export function border(index: number, grid: number, side: number): number {
  return Math.round((index * side) / grid);
}

function cover(
  context: CanvasRenderingContext2D,
  side: number,
  grid: number,
  { mask, with: layer }: NonNullable<Scene['cover']>,
): void {
  context.save();
  context.beginPath();
  for (let patch = 0; patch < mask.length; patch++) {
    if (mask[patch] === 1) context.rect(...square(patch, grid, side));
  }
  if (layer === 'grey') {
    context.fillStyle = MASK_GREY;
    context.fill();
  } else {
    context.clip();
    context.drawImage(bitmapOf(layer), 0, 0, side, side);
  }
  context.restore();
}

/** A patch's place in device pixels: x, y, width, height. */
function square(patch: number, grid: number, side: number): [number, number, number, number] {
  const row = Math.floor(patch / grid);
  const column = patch % grid;
  const x = border(column, grid, side);
  const y = border(row, grid, side);
  return [x, y, border(column + 1, grid, side) - x, border(row + 1, grid, side) - y];
}

/** Over patches that were not graded: what is beneath stays recognisable. */
const VEIL = 'rgba(28, 26, 23, 0.74)';

function heat(
  context: CanvasRenderingContext2D,
  side: number,
  grid: number,
  { errors, mask, max }: Heat,
): void {
  errors.forEach((error, patch) => {
    context.fillStyle = mask[patch] === 1 ? viridis(max === 0 ? 0 : error / max) : VEIL;
    context.fillRect(...square(patch, grid, side));
  });
}

/** Below this many device pixels a number of a hidden patch is no number any more. */
const LEGIBLE = 15;

/** Kept patches bright and bold over the picture, hidden ones plain on the grey. */
function order(
  context: CanvasRenderingContext2D,
  side: number,
  grid: number,
  { idsRestore, seen }: NonNullable<Scene['order']>,
): void {
  const cell = side / grid;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  idsRestore.forEach((place, patch) => {
    const kept = place < seen;
    if (!kept && cell < LEGIBLE) return;
    const [x, y, width, height] = square(patch, grid, side);
    const digits = String(place);
    context.font = `${kept ? 700 : 450} ${Math.floor(cell * (kept ? 0.52 : 0.44))}px "Inter Variable", sans-serif`;
    if (kept) {
      context.lineJoin = 'round';
      context.lineWidth = Math.max(2, cell * 0.16);
      context.strokeStyle = 'rgba(0, 0, 0, 0.78)';
      context.strokeText(digits, x + width / 2, y + height / 2, width);
    }
    context.fillStyle = kept ? '#ffffff' : 'rgba(255, 255, 255, 0.82)';
    context.fillText(digits, x + width / 2, y + height / 2, width);
  });
}

/** A dark and a light line side by side: one of them shows on every picture. */
function lines(context: CanvasRenderingContext2D, side: number, grid: number, width: number): void {
  for (let index = 1; index < grid; index++) {
    const at = border(index, grid, side);
    context.fillStyle = 'rgba(0, 0, 0, 0.35)';
    context.fillRect(at - width, 0, width, side);
    context.fillRect(0, at - width, side, width);
    context.fillStyle = 'rgba(255, 255, 255, 0.4)';
    context.fillRect(at, 0, width, side);
    context.fillRect(0, at, side, width);
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
