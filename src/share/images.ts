/** The panels of a result as pixels, all of one and the same mask: what is saved is what was computed together. */

import { maskedPanel, reconstructionAndVisiblePanel } from '../mae/panels.ts';
import type { Image } from '../store/image/image-state.ts';
import type { InterpolationResult, Result } from '../store/result/result-state.ts';
import { INTERPOLATION_TITLE, type PanelTitle } from './figure-layout.ts';

export interface PanelPixels {
  readonly title: PanelTitle;
  /** S */
  readonly size: number;
  /** [S, S, 4], opaque: what canvases take. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The four panels of the reference figure, in its order; and the interpolation of the same mask, where there is one. */
export function panelPixels(
  { prepared: { original, masked } }: Pick<Image, 'prepared'>,
  { reconstruction, masking }: Pick<Result, 'reconstruction' | 'masking'>,
  interpolation: Pick<InterpolationResult, 'panel'> | null = null,
): readonly PanelPixels[] {
  const { mask, geometry } = masking;
  const panels: readonly (readonly [PanelTitle, Uint8ClampedArray])[] = [
    ['original', original],
    ['masked', maskedPanel(original, mask, geometry, masked)],
    ['reconstruction', reconstruction],
    ['reconstruction + visible', reconstructionAndVisiblePanel(original, reconstruction, mask, geometry)],
    ...(interpolation === null ? [] : [[INTERPOLATION_TITLE, interpolation.panel] as const]),
  ];
  return panels.map(([title, rgb]) => ({ title, size: geometry.image_size, rgba: opaque(rgb) }));
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

/** [S, S, 3] to [S, S, 4]. */
function opaque(rgb: Uint8ClampedArray): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let pixel = 0; pixel * 3 < rgb.length; pixel++)
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return rgba;
}
