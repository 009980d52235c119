/** The worker that decodes and resizes images, so that neither the page nor the model waits for them. */
import { expose } from 'comlink';
import { toPixelValues } from '../../image/processor.ts';
import { transferred } from '../transferred.ts';
import { keepErrorCodes } from '../worker-errors.ts';
import { openImage } from './open-image.ts';
import type { ImageWorker } from './protocol.ts';

keepErrorCodes();

const api: ImageWorker = {
  async open(image, imageSize, preprocessor) {
    return transferred(await openImage(image, imageSize, preprocessor));
  },
  async toPixelValues(rgb, imageSize, preprocessor) {
    return transferred(await toPixelValues(rgb, imageSize, preprocessor));
  },
  async interpolate(...input) {
    // Few visitors ask for it, and the first image should not wait for its code.
    const { interpolate } = await import('./interpolate.ts');
    return transferred(interpolate(...input));
  },
};

expose(api);
