/** What leaves the page: the portable model, the figure, the clipboard. */
import { format } from '../format.ts';

export const savingErrors = {
  'cancelled/no-file-chosen': 'No file was chosen.',
  'cancelled/worker': 'The worker was shut down.',
  'engine-failed/copying': 'This browser cannot copy images from a page. Save the figure instead.',
  'engine-failed/copying-refused': 'The browser did not allow copying the image. Save the figure instead.',
  'engine-failed/no-canvas': 'The browser gives no canvas to draw on.',
  'engine-failed/write-archive': ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    `${file} could not be written. Try again. (${reason})`,
  'engine-failed/write-picked-file': ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    `${file} cannot be written. Choose another place for it. (${reason})`,
  'not-found/export-cleared':
    'The browser cleared what had been written before it could be downloaded. Free some disk space, then try again.',
  'not-found/model-changed': ({ model }: { readonly model: string }) =>
    `The files of ${model} are no longer those that it was loaded from. Load the model again, then save it.`,
  'out-of-memory/png': 'The browser could not make a PNG of this image.',
  'storage-full/export': ({
    file,
    bytes,
    free,
  }: {
    readonly file: string;
    readonly bytes: number;
    /** null where nobody says. */
    readonly free: number | null;
  }) => {
    const left = free === null ? '' : `, and the browser has ${format.size(free)} left for this page`;
    return `There is not enough room to save ${file}: it takes ${format.size(bytes)}${left}. Free some disk space, delete models that you no longer need, or save with float16 weights, which take half; then try again.`;
  },
  'worker-died/saving':
    'Saving stopped unexpectedly, perhaps for want of memory. Close other tabs, then try again.',
} as const;
