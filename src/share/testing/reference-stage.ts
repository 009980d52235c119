/** For tests: the page's image and result as the worker and the model make them, from a case of the reference figure. */
import type { PreprocessorConfig } from '../../image/processor.ts';
import { displayedImage } from '../../image/processor.ts';
import { PUBLISHED_PREPROCESSOR } from '../../image/published.ts';
import { resizeBilinear } from '../../image/resample.ts';
import { drawImage } from '../../image/testing/images.ts';
import { maskFromIds } from '../../mae/masking.ts';
import { displayNormalization, reconstructionPanel } from '../../mae/panels.ts';
import { float32Array } from '../../mae/reference-fixtures.ts';
import type { PanelsCase } from '../../mae/testing/panels-fixture.ts';
import { square } from '../../mae/testing/square.ts';
import type { Image } from '../../store/image/image-state.ts';
import { type Masking, maskFor } from '../../store/mask/masking.ts';
import { DEFAULT_SETTINGS } from '../../store/mask/settings.ts';
import type { Result } from '../../store/result/result-state.ts';

export function stageOf(reference: PanelsCase): { image: Image; result: Result; masking: Masking } {
  const { image, width, height, image_size: size, image_mean, image_std, mask } = reference;
  const preprocessor: PreprocessorConfig = { ...PUBLISHED_PREPROCESSOR, size, image_mean, image_std };
  const geometry = square(size, reference.patch_size);
  const normalization = displayNormalization(preprocessor);
  const rgb = resizeBilinear(drawImage(image, width, height), width, height, size, size);
  const kept = mask.flatMap((removed, cell) => (removed === 0 ? [cell] : []));
  const masking: Masking = {
    ...maskFor(DEFAULT_SETTINGS, geometry),
    ...maskFromIds(kept, mask.length),
    kept: kept.length,
  };
  return {
    masking,
    image: {
      key: 1,
      name: 'Reference',
      blob: new Blob(),
      prepared: {
        id: 'reference',
        width,
        height,
        imageSize: size,
        original: displayedImage(rgb, preprocessor),
        normalization,
      },
      preparedWith: null,
    },
    result: {
      imageKey: 1,
      masking,
      reconstruction: reconstructionPanel(float32Array(reference.logits), geometry, normalization),
      loss: null,
      patchErrors: null,
      timing: null,
      modelName: 'Reference',
      model: null,
    },
  };
}
