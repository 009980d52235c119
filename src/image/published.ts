import type { PreprocessorConfig } from './processor.ts';

/**
 * preprocessor_config.json of the published checkpoints: for images that come before any model, and for
 * checkpoints without the file. (The class's own defaults, 0.5 and 0.5, are not what ViTMAE was trained with.)
 */
export const PUBLISHED_PREPROCESSOR: PreprocessorConfig = {
  size: 224,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};
