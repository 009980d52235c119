/** The panels of a result as pixels, all of one and the same mask: what is saved is what was computed together. */
import type { Words } from '../locales/words.ts';

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
import { FIGURE_PANELS, type PanelName } from './figure-layout.ts';

export interface PanelPixels {
  readonly name: PanelName;
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
  const kept = layerOf(prepared.original, geometry);
  const painted = layerOf(reconstruction, geometry);
  const panels = [
    wholePanel(kept),
    maskedPanel(kept, grid, mask, prepared.normalization),
    wholePanel(painted),
    reconstructionAndVisiblePanel(painted, kept, grid, mask),
  ];
  const four = panels.map((panel, i) => named(FIGURE_PANELS[i] ?? 'original', panel));
  if (interpolation === null) return four;
  return [...four, named('interpolation', wholePanel(layerOf(interpolation.panel, geometry)))];
}

function named(name: PanelName, panel: Panel): PanelPixels {
  return { name, size: panel.image.width, rgba: rgbaOf(panel) };
}

/**
 * “cat-masked.png”: what a file of it is called.
 * @param what what is in it, as the language's file names or titles say it
 */
export function fileName(image: string, what: string, extension: string, { share }: Words): string {
  const plain = (text: string) =>
    text
      .replace(/\.\w{1,5}$/, '')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
      .replaceAll(/^-+|-+$/g, '');
  return `${plain(image) || share.fileNames.image}-${plain(what)}.${extension}`;
}
