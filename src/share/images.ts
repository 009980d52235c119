/** The panels of a result as pixels, all of one and the same mask: what is saved is what was computed together. */

import {
  layerOf,
  maskedPanel,
  type Panel,
  reconstructionAndVisiblePanel,
  rgbaOf,
  wholePanel,
} from '../mae/panels.ts';
import type { Image } from '../store/image/image-state.ts';
import type { InterpolationResult, Result } from '../store/result/result-state.ts';
import { FIGURE_TITLES, INTERPOLATION_TITLE, type PanelTitle } from './figure-layout.ts';

export interface PanelPixels {
  readonly title: PanelTitle;
  /** S */
  readonly size: number;
  /** [S, S, 4], opaque: what canvases take. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The four panels of the reference figure, in its order; and the interpolation of the same mask, where there is one. */
export function panelPixels(
  { prepared }: Pick<Image, 'prepared'>,
  { reconstruction, masking: { geometry, grid, mask } }: Pick<Result, 'reconstruction' | 'masking'>,
  interpolation: Pick<InterpolationResult, 'panel'> | null = null,
): readonly PanelPixels[] {
  const seen = layerOf(prepared.original, geometry);
  const painted = layerOf(reconstruction, geometry);
  const panels = [
    wholePanel(seen),
    maskedPanel(seen, grid, mask, prepared.normalization),
    wholePanel(painted),
    reconstructionAndVisiblePanel(painted, seen, grid, mask),
  ];
  const four = panels.map((panel, i) => titled(FIGURE_TITLES[i] ?? 'original', panel));
  if (interpolation === null) return four;
  return [...four, titled(INTERPOLATION_TITLE, wholePanel(layerOf(interpolation.panel, geometry)))];
}

function titled(title: PanelTitle, panel: Panel): PanelPixels {
  return { title, size: panel.image.width, rgba: rgbaOf(panel) };
}

/** “cat-masked.png”: what a file of it is called. */
export function fileName(image: string, what: string, extension: string): string {
  const plain = (text: string) =>
    text
      .replace(/\.\w{1,5}$/, '')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
      .replaceAll(/^-+|-+$/g, '');
  return `${plain(image) || 'image'}-${plain(what)}.${extension}`;
}
