/** The panels of a result as pixels, all of one and the same mask: what is saved is what was computed together. */
import type { Words } from '../locales/words.ts';
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

/** A masked patch: zero in normalised space, as the reference figure shows it. */
const MASK_GREY = [123, 116, 103] as const;

/** The four panels of the reference figure, in its order; and the interpolation of the same mask, where there is one. */
export function panelPixels(
  { prepared: { original } }: Pick<Image, 'prepared'>,
  { reconstruction, masking }: Pick<Result, 'reconstruction' | 'masking'>,
  interpolation: Pick<InterpolationResult, 'panel'> | null = null,
): readonly PanelPixels[] {
  const { mask, grid } = masking;
  const { image_size: size, patch_size: patch } = masking.geometry;
  const isMasked = (pixel: number) => {
    const row = Math.floor(Math.floor(pixel / size) / patch);
    return mask[row * grid + Math.floor((pixel % size) / patch)] === 1;
  };
  const draw = (valueAt: (pixel: number, channel: 0 | 1 | 2) => number) => {
    const rgba = new Uint8ClampedArray(size * size * 4);
    for (let pixel = 0; pixel < size * size; pixel++) {
      rgba[pixel * 4] = valueAt(pixel, 0);
      rgba[pixel * 4 + 1] = valueAt(pixel, 1);
      rgba[pixel * 4 + 2] = valueAt(pixel, 2);
      rgba[pixel * 4 + 3] = 255;
    }
    return rgba;
  };
  const of = (rgb: Uint8ClampedArray) => (pixel: number, channel: 0 | 1 | 2) => rgb[pixel * 3 + channel] ?? 0;
  const kept = of(original);
  const painted = of(reconstruction);
  const panels = [
    draw(kept),
    draw((pixel, channel) => (isMasked(pixel) ? MASK_GREY[channel] : kept(pixel, channel))),
    draw(painted),
    draw((pixel, channel) => (isMasked(pixel) ? painted : kept)(pixel, channel)),
  ];
  const four = panels.map((rgba, i) => ({ name: FIGURE_PANELS[i] ?? 'original', size, rgba }));
  if (interpolation === null) return four;
  return [...four, { name: 'interpolation', size, rgba: draw(of(interpolation.panel)) }];
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
