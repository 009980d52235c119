/**
 * ViTMAE in TypeScript: the masked autoencoder of transformers' ViTMAE documentation, in the calling conventions of
 * transformers.js. See docs/library.md.
 */
export { RawImage, Tensor } from '@xenova/transformers';
export { type ErrorCode, type ErrorKey, LensError } from '../base/errors.ts';
export { type CallDefaults, ViTMAEConfig, type ViTMAEConfigValues } from './configuration.ts';
export { type Environment, env } from './env.ts';
export type { ImageInput } from './image-pixels.ts';
export {
  AutoImageProcessor,
  type ImageProcessorOutput,
  ViTImageProcessor,
  type ViTImageProcessorValues,
} from './image-processing.ts';
export type { Generator, TensorLike, ViTMAEInputs } from './inputs.ts';
export type { InspectInputs, InspectOutput } from './inspect-inputs.ts';
export { ViTMAEForPreTraining, ViTMAEModel } from './modeling.ts';
export type {
  DeviceOptions,
  ModelDevice,
  PretrainedOptions,
  RandomOptions,
  SaveOptions,
} from './options.ts';
export type {
  ViTMAEForPreTrainingOutput,
  ViTMAEForPreTrainingTuple,
  ViTMAEModelOutput,
  ViTMAEModelTuple,
} from './outputs.ts';
export type { SaveTarget, WritableDirectory } from './saving.ts';
export type { PretrainedSource, ProgressInfo, ReadableDirectory, SourceOptions } from './sources.ts';
export { TFViTMAEForPreTraining, type TFViTMAEInputs, TFViTMAEModel } from './tf-modeling.ts';
