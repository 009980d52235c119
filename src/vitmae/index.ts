export { ViTMAEForPreTraining } from './modeling.ts';
export { openFromUrl } from '../checkpoint/sources/url.ts';
export { openFromHub } from '../checkpoint/sources/hub.ts';
export { openFromFiles } from '../checkpoint/sources/files.ts';
export { chooseBackend } from '../runtime/device/backend.ts';
export { preprocessorOf } from '../image/preprocessor-config.ts';
export { decodeImage } from '../image/decode.ts';
