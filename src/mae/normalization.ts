/** Between bytes, `pixel_values` and what is displayed: what preprocessor_config.json says of it. */

export type Rgb = readonly [number, number, number];

/** What `pixel_values` were normalised with, named as in preprocessor_config.json. */
export interface PixelNormalization {
  readonly image_mean: Rgb;
  readonly image_std: Rgb;
}

/** ImageNet's, with which the published checkpoints were trained. */
export const IMAGENET: PixelNormalization = {
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};

/** What preprocessor_config.json says (image/preprocessor-config.ts), keys spelled as there; `size` is the side of the square. */
export interface PreprocessorConfig extends PixelNormalization {
  readonly size: number;
  readonly do_rescale: boolean;
  readonly rescale_factor: number;
  readonly do_normalize: boolean;
}

/**
 * The mean and deviation with which `pixel_values` become the image again: `(v · std + mean) · 255`. They are
 * those of the configuration where it rescales by 1/255 and normalises, as every published one does.
 */
export function displayNormalization(config: PreprocessorConfig): PixelNormalization {
  const white = 255 * (config.do_rescale ? config.rescale_factor : 1);
  const mean = config.do_normalize ? config.image_mean : ([0, 0, 0] as const);
  const std = config.do_normalize ? config.image_std : ([1, 1, 1] as const);
  return {
    image_mean: [mean[0] / white, mean[1] / white, mean[2] / white],
    image_std: [std[0] / white, std[1] / white, std[2] / white],
  };
}
