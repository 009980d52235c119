/** The worker that decodes and resizes images, so that neither the page nor the model waits for them. */
import { expose, transfer } from 'comlink';
import { toPixelValues } from '../../image/processor.ts';
import { keepErrorCodes } from '../worker-errors.ts';
import { openImage } from './open-image.ts';
import type { ImageWorker } from './protocol.ts';

keepErrorCodes();

const api: ImageWorker = {
  async open(image, geometry, preprocessor) {
    const opened = await openImage(image, geometry, preprocessor);
    return transfer(opened, [opened.pixels.buffer, opened.original.buffer]);
  },
  async toPixelValues(...input) {
    const pixelValues = await toPixelValues(...input);
    return transfer(pixelValues, [pixelValues.buffer]);
  },
  async interpolate(...input) {
    // Few visitors ask for it, and the first image should not wait for its code.
    const { interpolate } = await import('./interpolate.ts');
    const interpolation = interpolate(...input);
    return transfer(interpolation, [interpolation.panel.buffer]);
  },
};

expose(api);
