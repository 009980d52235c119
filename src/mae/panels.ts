/**
 * The panels of the reference figure: the one drawing that the stage, the comparison, saved images, the figure and the
 * sweep's images all show. A displayed byte is `clip((v · std + mean) · 255, 0, 255)`, truncated to an integer, in
 * doubles, as in the authors' notebook. Masked patches are zero in normalised space, so their grey is the model's own:
 * (123, 116, 103) with ImageNet's mean, (127, 127, 127) with 0.5.
 *
 * Displaying goes pixel by pixel, so that x(1 - m) + y m may be put together from displayed bytes: `pixelsOf` does it.
 */
import { cellRectangle, type Geometry, type Grid, imageHeight, imageWidth, patchCount } from './geometry.ts';
import { unpatchify } from './patches.ts';

type Rgb = readonly [number, number, number];

/** What `pixel_values` were normalised with, named as in preprocessor_config.json. */
export interface PixelNormalization {
  readonly image_mean: Rgb;
  readonly image_std: Rgb;
}

/** The rest of what a preprocessor does to the values of pixels. */
export interface Preprocessing extends PixelNormalization {
  readonly do_rescale: boolean;
  readonly rescale_factor: number;
  readonly do_normalize: boolean;
}

/** Displayed pixels. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  /** [H, W, 3] */
  readonly rgb: Uint8ClampedArray;
}

/** What a panel shows: an image, and where patches are covered, another one. */
export interface Panel {
  readonly image: Layer;
  readonly cover: {
    readonly grid: Grid;
    /** [L], 1 = covered. */
    readonly mask: ArrayLike<number>;
    /** As large as the image; of it the covered patches are seen. */
    readonly with: Layer;
  } | null;
}

/**
 * The mean and deviation with which `pixel_values` become the image again: `(v · std + mean) · 255`. They are
 * those of the configuration where it rescales by 1/255 and normalises, as every published one does.
 */
export function displayNormalization(config: Preprocessing): PixelNormalization {
  const white = 255 * (config.do_rescale ? config.rescale_factor : 1);
  const mean = config.do_normalize ? config.image_mean : ([0, 0, 0] as const);
  const std = config.do_normalize ? config.image_std : ([1, 1, 1] as const);
  return {
    image_mean: [mean[0] / white, mean[1] / white, mean[2] / white],
    image_std: [std[0] / white, std[1] / white, std[2] / white],
  };
}

/**
 * The panel "original": values as the figure displays them.
 * @param pixelValues [3, H, W]
 * @returns [H, W, 3]
 */
export function originalPanel(
  pixelValues: Float32Array,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  const area = pixelValues.length / 3;
  const panel = new Uint8ClampedArray(pixelValues.length);
  for (let c = 0; c < 3; c++) {
    const mean = normalization.image_mean[c] as number;
    const std = normalization.image_std[c] as number;
    for (let i = 0; i < area; i++) {
      // The array would round to the nearest; the reference truncates. Clamping is the array's.
      panel[i * 3 + c] = Math.trunc(((pixelValues[c * area + i] as number) * std + mean) * 255);
    }
  }
  return panel;
}

/**
 * The panel "reconstruction": the prediction for every patch, visible ones included.
 * @param logits [L, p·p·3]; of a `norm_pix_loss` model, through `denormalizePatches` first
 * @returns [H, W, 3]
 */
export function reconstructionPanel(
  logits: Float32Array,
  geometry: Geometry,
  normalization: PixelNormalization,
): Uint8ClampedArray {
  return originalPanel(unpatchify(logits, geometry), normalization);
}

/** What a masked patch is displayed as: zero in normalised space. */
export function maskedColor(normalization: PixelNormalization): Rgb {
  const [r = 0, g = 0, b = 0] = originalPanel(new Float32Array(3), normalization);
  return [r, g, b];
}

/** An image as the panel of it, without any patch covered. */
export function wholePanel(image: Layer): Panel {
  return { image, cover: null };
}

/** The panel "masked": x(1 - m). */
export function maskedPanel(
  original: Layer,
  grid: Grid,
  mask: ArrayLike<number>,
  normalization: PixelNormalization,
): Panel {
  return { image: original, cover: { grid, mask, with: maskedLayer(original, normalization) } };
}

/** The panel "reconstruction + visible": x(1 - m) + y m. */
export function reconstructionAndVisiblePanel(
  reconstruction: Layer,
  original: Layer,
  grid: Grid,
  mask: ArrayLike<number>,
): Panel {
  return { image: original, cover: { grid, mask, with: reconstruction } };
}

/** Displayed pixels of an image that is cut in this way. */
export function layerOf(rgb: Uint8ClampedArray, geometry: Geometry): Layer {
  return { width: imageWidth(geometry), height: imageHeight(geometry), rgb };
}

/**
 * A panel's pixels, one for each of the image's.
 * @returns [H, W, 3]
 * @throws RangeError when the shapes do not belong together
 */
export function pixelsOf({ image, cover }: Panel): Uint8ClampedArray {
  const { width, height, rgb } = image;
  const pixels = rgb.slice();
  if (cover === null) return pixels;
  const { grid, mask, with: other } = cover;
  if (other.rgb.length !== rgb.length || other.width !== width || mask.length !== patchCount(grid)) {
    throw new RangeError(
      `${grid.rows} x ${grid.columns} patches of an image of ${width} x ${height} pixels are not ${mask.length} patches of ${other.width} x ${other.height} pixels.`,
    );
  }
  for (let cell = 0; cell < mask.length; cell++) {
    if (mask[cell] === 0) continue;
    const place = cellRectangle(cell, grid, width, height);
    for (let y = place.y; y < place.y + place.height; y++) {
      const start = (y * width + place.x) * 3;
      pixels.set(other.rgb.subarray(start, start + place.width * 3), start);
    }
  }
  return pixels;
}

/** A panel's pixels as canvases take them, [H, W, 4]: opaque. */
export function rgbaOf(panel: Panel): Uint8ClampedArray<ArrayBuffer> {
  const rgb = pixelsOf(panel);
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from] as number;
    rgba[to + 1] = rgb[from + 1] as number;
    rgba[to + 2] = rgb[from + 2] as number;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** Zeros, as large as the image, as they are displayed: the same pixels again for the same image. */
function maskedLayer({ width, height, rgb }: Layer, normalization: PixelNormalization): Layer {
  const known = maskedLayers.get(rgb);
  if (known?.normalization === normalization) return { width, height, rgb: known.rgb };
  const color = maskedColor(normalization);
  const made = { normalization, rgb: rgb.map((_, i) => color[i % 3] as number) };
  maskedLayers.set(rgb, made);
  return { width, height, rgb: made.rgb };
}

/** Made once for each image, so that whoever draws them can tell that they are the same. */
const maskedLayers = new WeakMap<
  Uint8ClampedArray,
  { readonly normalization: PixelNormalization; readonly rgb: Uint8ClampedArray }
>();
