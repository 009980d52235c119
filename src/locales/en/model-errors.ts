/** Of models, wherever they are used. */
import { checkpointErrors } from './errors/checkpoint.ts';
import { configErrors } from './errors/configs.ts';
import { fileFormatErrors } from './errors/file-formats.ts';
import { libraryErrors } from './errors/library.ts';
import { maskErrors } from './errors/masks.ts';
import { runtimeErrors } from './errors/runtime.ts';

export const modelErrors = {
  ...checkpointErrors,
  ...fileFormatErrors,
  ...configErrors,
  ...maskErrors,
  ...runtimeErrors,
  ...libraryErrors,
} as const;
