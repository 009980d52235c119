/** Draws a scene, or the part of it that the panels show, at the screen's own resolution. */
import { cellBorder, cellRectangle, type Grid } from '../../mae/geometry.ts';
import { type Layer, type Panel, rgbaOf, wholePanel } from '../../mae/panels.ts';
import { CRISP_FROM, FIT, type Viewport } from '../../store/image/viewport.ts';
import type { Heat, Scene } from './scene.ts';
import { viridis } from './viridis.ts';

/** Where the whole image lies on a canvas that shows a part of it, in whole device pixels. */
interface Placement {
  readonly left: number;
  readonly top: number;
  /** Of the whole image. */
  readonly width: number;
  readonly height: number;
}

/** A canvas's size, in device pixels. */
export type CanvasSize = Pick<HTMLCanvasElement, 'width' | 'height'>;

function placement(canvas: CanvasSize, { zoom, x, y }: Viewport): Placement {
  const width = Math.round(canvas.width * zoom);
  const height = Math.round(canvas.height * zoom);
  return { left: 0 - Math.round(x * width), top: 0 - Math.round(y * height), width, height };
}

/**
 * Images are smoothed when enlarged, until their pixels are large enough to be looked at one by one; patches and
 * lines lie on whole device pixels.
 * @param pixelRatio device pixels for each of CSS
 * @param viewport the part of the image that fills the canvas
 */
export function paint(
  context: CanvasRenderingContext2D,
  canvas: CanvasSize,
  pixelRatio: number,
  scene: Scene,
  viewport: Viewport = FIT,
): void {
  const place = placement(canvas, viewport);
  context.imageSmoothingEnabled = viewport.zoom < CRISP_FROM;
  context.imageSmoothingQuality = 'high';
  // An empty panel shows what is beneath the canvas.
  if (scene.panel === null) context.clearRect(0, 0, canvas.width, canvas.height);
  else panel(context, place, scene.panel);
  if (scene.heat !== null) heat(context, place, scene.grid, scene.heat);
  if (scene.order !== null) order(context, place, scene.grid, pixelRatio, scene.order);
  if (scene.lines) lines(context, canvas, place, scene.grid, Math.max(1, Math.round(pixelRatio / 2)));
}

function image(context: CanvasRenderingContext2D, place: Placement, layer: Layer): void {
  context.drawImage(bitmapOf(layer), place.left, place.top, place.width, place.height);
}

/** `pixelsOf` at the screen's resolution: on a canvas as large as the image, byte for byte the same. */
function panel(context: CanvasRenderingContext2D, place: Placement, { image: seen, cover }: Panel): void {
  image(context, place, seen);
  if (cover === null) return;
  const { grid, mask, with: layer } = cover;
  context.save();
  context.beginPath();
  for (let patch = 0; patch < mask.length; patch++) {
    if (mask[patch] === 1) context.rect(...cell(patch, grid, place));
  }
  context.clip();
  image(context, place, layer);
  context.restore();
}

/** A patch's place on the canvas: x, y, width, height. */
function cell(patch: number, grid: Grid, place: Placement): [number, number, number, number] {
  const { x, y, width, height } = cellRectangle(patch, grid, place.width, place.height);
  return [place.left + x, place.top + y, width, height];
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
    context.fillRect(...cell(patch, grid, place));
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
  const side = Math.min(place.height / grid.rows, place.width / grid.columns);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  idsRestore.forEach((rank, patch) => {
    const kept = rank < keptPatches;
    if (!kept && side < LEGIBLE * pixelRatio) return;
    const [x, y, width, height] = cell(patch, grid, place);
    const digits = String(rank);
    const type = Math.min(side * (kept ? 0.52 : 0.44), LARGEST_TYPE * pixelRatio);
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
  canvas: CanvasSize,
  place: Placement,
  grid: Grid,
  width: number,
): void {
  const inner = (count: number, length: number) =>
    Array.from({ length: count - 1 }, (_, index) => cellBorder(index + 1, count, length));
  const pairs = [
    { color: 'rgba(0, 0, 0, 0.35)', by: -width },
    { color: 'rgba(255, 255, 255, 0.4)', by: 0 },
  ];
  for (const { color, by } of pairs) {
    context.fillStyle = color;
    for (const at of inner(grid.columns, place.width))
      context.fillRect(place.left + at + by, 0, width, canvas.height);
    for (const at of inner(grid.rows, place.height))
      context.fillRect(0, place.top + at + by, canvas.width, width);
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
