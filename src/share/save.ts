/** Files and the clipboard: the browser's side of saving. */
import { LensError } from '../base/errors.ts';
import type { Words } from '../locales/words.ts';
import { drawFigure } from './figure.ts';
import { figureLayout, scaleForWidth } from './figure-layout.ts';
import type { PanelPixels } from './images.ts';

/** About as wide as a printed page at 300 dots per inch. */
const FIGURE_WIDTH = 3000;

/** The paper-style figure as PNG. */
export async function figurePng(panels: readonly PanelPixels[], { stage }: Words): Promise<Blob> {
  const size = panels[0]?.size ?? 1;
  const titles = panels.map(({ name }) => stage.titles[name]);
  const layout = figureLayout(size, scaleForWidth(size, FIGURE_WIDTH, titles.length), titles);
  const { canvas, context } = canvasOf(layout.width, layout.height);
  await document.fonts?.load(`${layout.fontSize}px "Inter Variable"`).catch(() => undefined);
  drawFigure(context, layout, panels.map(imageOf), undefined, '"Inter Variable", sans-serif');
  return pngOf(canvas);
}

/** One panel as PNG, pixel for pixel. */
export function panelPng(panel: PanelPixels): Promise<Blob> {
  return pngOf(imageOf(panel));
}

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Puts a PNG on the clipboard. Safari wants the call within the click, so it gets the promise; browsers that want the
 * finished image get that.
 * @throws LensError `engine-failed` where the browser cannot or must not
 */
export async function copyPng(png: Promise<Blob>): Promise<void> {
  if (typeof ClipboardItem === 'undefined' || navigator.clipboard?.write === undefined) {
    throw new LensError('engine-failed/copying');
  }
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  } catch {
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await png })]);
    } catch (cause) {
      throw new LensError('engine-failed/copying-refused', undefined, { cause });
    }
  }
}

function canvasOf(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new LensError('engine-failed/no-canvas');
  return { canvas, context };
}

function imageOf({ size, rgba }: PanelPixels): HTMLCanvasElement {
  const { canvas, context } = canvasOf(size, size);
  context.putImageData(new ImageData(rgba, size, size), 0, 0);
  return canvas;
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob !== null) resolve(blob);
      else reject(new LensError('out-of-memory/png'));
    }, 'image/png');
  });
}
