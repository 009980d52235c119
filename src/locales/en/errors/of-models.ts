/** Of models, wherever they are used. */
import { checkpointErrors } from './checkpoint.ts';
import { configErrors } from './configs.ts';
import { fileFormatErrors } from './file-formats.ts';
import { libraryErrors } from './library.ts';
import { maskErrors } from './masks.ts';
import { runtimeErrors } from './runtime.ts';

export const modelErrors = {
  ...checkpointErrors,
  ...fileFormatErrors,
  ...configErrors,
  ...maskErrors,
  ...runtimeErrors,
  ...libraryErrors,
} as const;
