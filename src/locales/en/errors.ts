/**
 * What can go wrong: what it is, and what to do about it. A key is `code/name`: the code is what the page's own
 * choices and tests go by, the name tells the sentences of one code apart. Only key and parameters cross a worker.
 */
import { checkpointErrors } from './checkpoint-errors.ts';
import { fileFormatErrors } from './file-format-errors.ts';

export const errors = {
  'cancelled/comparison': 'The comparison was cancelled.',
  'cancelled/loading': 'Loading was cancelled.',
  'cancelled/saving': 'Saving the model was cancelled.',

  ...checkpointErrors,
  ...fileFormatErrors,
} as const;
