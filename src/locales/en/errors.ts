/**
 * What can go wrong: what it is, and what to do about it. A key is `code/name`: the code is what the page's own
 * choices and tests go by, the name tells the sentences of one code apart. Only key and parameters cross a worker.
 */
import { checkpointErrors } from './errors/checkpoint.ts';
import { configErrors } from './errors/configs.ts';
import { fileFormatErrors } from './errors/file-formats.ts';
import { imageErrors } from './errors/images.ts';
import { maskErrors } from './errors/masks.ts';
import { pageErrors } from './errors/page.ts';
import { runtimeErrors } from './errors/runtime.ts';
import { savingErrors } from './errors/saving.ts';

export const errors = {
  ...checkpointErrors,
  ...fileFormatErrors,
  ...configErrors,
  ...imageErrors,
  ...maskErrors,
  ...runtimeErrors,
  ...savingErrors,

  ...pageErrors,
} as const;
