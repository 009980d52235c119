/** Where everything stands in the paper-style figure: panels in one row, each with its title above it. */

/** The panels of the authors' notebook, in its order. */
export const FIGURE_PANELS = ['original', 'masked', 'reconstruction', 'combined'] as const;

/** The interpolation can stand beside them. */
export type PanelName = (typeof FIGURE_PANELS)[number] | 'interpolation';

/** In pixels. */
interface PanelSize {
  readonly width: number;
  readonly height: number;
}

/** All lengths in pixels of the canvas. */
export interface FigureLayout {
  readonly width: number;
  readonly height: number;
  /** Size of the titles' type. */
  readonly fontSize: number;
  readonly panels: readonly FigurePanel[];
}

export interface FigurePanel {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The title is centred here, on this baseline. */
  readonly titleX: number;
  readonly titleY: number;
}

/** In parts of a panel's width. */
const MARGIN = 0.06;
const GAP = 0.06;
const FONT = 0.07;
/** From the title's baseline to its panel. */
const TITLE_GAP = 0.045;

/**
 * @param image size of a panel's image, in pixels
 * @param scale how many pixels of the canvas a pixel of the image gets; whole numbers keep it sharp
 * @param titles one for each panel
 * @throws RangeError when a size is not positive
 */
export function figureLayout(image: PanelSize, scale: number, titles: readonly string[]): FigureLayout {
  const width = Math.round(image.width * scale);
  const height = Math.round(image.height * scale);
  if (!(width >= 1 && height >= 1))
    throw new RangeError(`A figure of ${image.width} x ${image.height} pixels at ${scale} has no size.`);
  // Whole pixels, so that panels are not blurred.
  const part = (share: number) => Math.max(1, Math.round(width * share));
  const margin = part(MARGIN);
  const gap = part(GAP);
  const fontSize = part(FONT);
  const titleY = margin + fontSize;
  const y = titleY + part(TITLE_GAP);
  const panels = titles.map((title, i) => {
    const x = margin + i * (width + gap);
    return { title, x, y, width, height, titleX: x + width / 2, titleY };
  });
  const between = Math.max(0, titles.length - 1) * gap;
  return {
    width: 2 * margin + titles.length * width + between,
    height: y + height + margin,
    fontSize,
    panels,
  };
}

/** The largest whole scale with which the figure is at most so wide; 1 where none is. */
export function scaleForWidth(
  image: PanelSize,
  width: number,
  panels: number = FIGURE_PANELS.length,
): number {
  const titles = Array.from({ length: panels }, () => '');
  let scale = 1;
  while (figureLayout(image, scale + 1, titles).width <= width) scale += 1;
  return scale;
}
