import { IMAGENET, type PreprocessorConfig } from '../mae/normalization.ts';

/**
 * preprocessor_config.json of the published checkpoints: for images that come before any model, and for
 * checkpoints without the file. (The class's own defaults, 0.5 and 0.5, are not what ViTMAE was trained with.)
 */
export const PUBLISHED_PREPROCESSOR: PreprocessorConfig = {
  size: 224,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  ...IMAGENET,
};
