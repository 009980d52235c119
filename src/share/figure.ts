/** Draws the paper-style figure. What stands where is figure-layout's matter. */
import type { FigureLayout } from './figure-layout.ts';

export interface FigureColors {
  readonly background: string;
  readonly text: string;
}

/** As in the paper. */
const PAPER: FigureColors = { background: '#ffffff', text: '#000000' };

/**
 * @param context of a canvas of the layout's size
 * @param images one for each panel, S x S pixels
 * @param fontFamily as in CSS
 */
export function drawFigure(
  context: CanvasRenderingContext2D,
  layout: FigureLayout,
  images: readonly CanvasImageSource[],
  colors: FigureColors = PAPER,
  fontFamily = 'sans-serif',
): void {
  context.fillStyle = colors.background;
  context.fillRect(0, 0, layout.width, layout.height);
  // Pixels stay pixels, as in the paper's figures.
  context.imageSmoothingEnabled = false;
  context.font = `${layout.fontSize}px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = colors.text;
  layout.panels.forEach((panel, i) => {
    const image = images[i];
    if (image !== undefined) context.drawImage(image, panel.x, panel.y, panel.size, panel.size);
    // Condensed rather than cut off, where a font is wide.
    context.fillText(panel.title, panel.titleX, panel.titleY, panel.size);
  });
}
