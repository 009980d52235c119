/**
 * What can go wrong: what it is, and what to do about it. A key is `code/name`: the code is what the page's own
 * choices and tests go by, the name tells the sentences of one code apart. Only key and parameters cross a worker.
 */
import { imageErrors } from './errors/images.ts';
import { pageErrors } from './errors/page.ts';
import { preprocessingErrors } from './errors/preprocessing.ts';
import { savingErrors } from './errors/saving.ts';
import { modelErrors } from './model-errors.ts';

export const errors = {
  ...modelErrors,
  ...imageErrors,
  ...preprocessingErrors,
  ...savingErrors,
  ...pageErrors,
} as const;
