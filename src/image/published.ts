import { channelValues } from './channel-values.ts';
import type { PreprocessorConfig } from './processor.ts';

/**
 * preprocessor_config.json of the published checkpoints: for images that come before any model, and for
 * checkpoints without the file. (The class's own defaults, 0.5 and 0.5, are not what ViTMAE was trained with.)
 */
export const PUBLISHED_PREPROCESSOR: PreprocessorConfig = {
  size: { height: 224, width: 224 },
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};

/** The same for images of other channels; see `channelValues`. */
export function publishedPreprocessor(channels: number): PreprocessorConfig {
  const { image_mean, image_std } = PUBLISHED_PREPROCESSOR;
  return {
    ...PUBLISHED_PREPROCESSOR,
    image_mean: channelValues('image_mean', image_mean, channels),
    image_std: channelValues('image_std', image_std, channels),
  };
}
