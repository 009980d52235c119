/** The worker that decodes and resizes pictures, so that neither the page nor the model waits for them. */
import { expose, transfer } from 'comlink';
import { keepErrorCodes } from './errors.ts';
import { interpolate, preparePicture } from './picture.ts';
import type { PictureWorker } from './protocol.ts';

keepErrorCodes();

const api: PictureWorker = {
  async prepare(picture, imageSize, preprocessor) {
    const prepared = await preparePicture(picture, imageSize, preprocessor);
    return transfer(prepared, [prepared.pixelValues.buffer, prepared.original.buffer]);
  },
  async interpolate(...input) {
    const interpolation = interpolate(...input);
    return transfer(interpolation, [interpolation.panel.buffer]);
  },
};

expose(api);
