/** Draws a scene at the screen's own resolution. */
import type { Layer, Scene } from './scene.ts';

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
    if (mask[patch] !== 1) continue;
    const row = Math.floor(patch / grid);
    const column = patch % grid;
    const x = border(column, grid, side);
    const y = border(row, grid, side);
    context.rect(x, y, border(column + 1, grid, side) - x, border(row + 1, grid, side) - y);
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
