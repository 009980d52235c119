/** preprocessor_config.json, and images that are to be prepared as it says. */
import type { Value } from './configs.ts';

const wrongPreprocessor = (why: string) =>
  `This preprocessor_config.json cannot be right: ${why}. Fetch the file again from where the model was published.`;

const otherPreparation = (why: string) =>
  `This page cannot prepare images as preprocessor_config.json asks: ${why}. Choose another checkpoint.`;

export const preprocessingErrors = {
  'config-invalid/preprocessor-no-object': wrongPreprocessor('it is not a JSON object'),
  'config-invalid/preprocessor-std': wrongPreprocessor('image_std: every value must be above 0'),
  'config-invalid/preprocessor-value': ({ key, reason }: Value) => wrongPreprocessor(`${key}: ${reason}`),
  'config-unsupported/preprocessor-channels': ({
    key,
    values,
    channels,
  }: {
    readonly key: string;
    readonly values: number;
    readonly channels: number;
  }) => otherPreparation(`${key} has ${values} values, and the model takes images of ${channels} channels`),
  'config-unsupported/preprocessor-no-resize': otherPreparation(
    "do_resize is false, but an image of any size must become the model's",
  ),
  'config-unsupported/preprocessor-resample': ({
    resample,
    bilinear,
  }: {
    readonly resample: number;
    readonly bilinear: number;
  }) => otherPreparation(`resample is ${resample}; only bilinear (${bilinear}) is supported`),
  'config-unsupported/preprocessor-size': ({ keys }: { readonly keys: readonly string[] }) =>
    otherPreparation(`size has ${keys.join(', ') || 'no keys'}, not height and width`),
  'argument-invalid/no-image':
    'An image is its address, a Blob or File, a RawImage, ImageData, or in a browser an ImageBitmap, a canvas or an <img> that has loaded.',
  'argument-invalid/uneven-images': ({
    height,
    width,
    first,
  }: {
    readonly height: number;
    readonly width: number;
    readonly first: readonly [number, number];
  }) =>
    `One image has ${height} x ${width} pixels and the first ${first[0]} x ${first[1]}. Images of one batch have one size: let the processor resize them (do_resize).`,
} as const;
