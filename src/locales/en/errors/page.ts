/** What the page's own rooms and the engine say: with what is loaded first. */
import { dtypes } from '../dtypes.ts';

export const pageErrors = {
  'cancelled/comparison': 'The comparison was cancelled.',
  'cancelled/loading': 'Loading was cancelled.',
  'cancelled/model': 'Loading the model was cancelled.',
  'cancelled/saving': 'Saving the model was cancelled.',

  'cancelled/shut-down': 'The worker was shut down.',

  // The engine and its workers: src/engine.
  'device-unavailable/one-dtype': 'This device runs the model in one precision only.',
  'engine-failed/compile-model': ({ reason }: { readonly reason: string }) =>
    `The model could not be compiled. (${reason})`,
  'engine-failed/no-model': 'No model is loaded yet.',
  'engine-failed/shut-down': 'The engine has been shut down. Reload the page.',
  'image-unsupported/other-model': 'The image has to be prepared again for this model.',
  'mask-invalid/uneven-batch': 'The masks of a batch must all keep the same number of patches.',
  'worker-died/stopped': ({ reason }: { readonly reason: string | null }) =>
    `The worker stopped unexpectedly: ${reason ?? 'its message could not be read'}. It is started again.`,

  // The page's own state: src/store.
  'engine-failed/delete-model': ({ model, reason }: { readonly model: string; readonly reason: string }) =>
    `${model} could not be deleted. Try again. (${reason})`,
  'engine-failed/interpolate': ({ reason }: { readonly reason: string }) =>
    `The interpolation could not be computed. (${reason})`,
  'engine-failed/load-model': ({ reason }: { readonly reason: string }) =>
    `The model could not be loaded. (${reason})`,
  'engine-failed/measure-agreement': ({
    dtype,
    reason,
  }: {
    readonly dtype: keyof typeof dtypes;
    readonly reason: string;
  }) => `${dtypes[dtype]} could not be measured. (${reason})`,
  'engine-failed/reconstruct': ({ reason }: { readonly reason: string }) =>
    `The image could not be reconstructed. (${reason})`,
  'engine-failed/save-model': ({ model, reason }: { readonly model: string; readonly reason: string }) =>
    `${model} could not be saved. Try again. (${reason})`,
  'engine-failed/size-of-saved-model': ({ reason }: { readonly reason: string }) =>
    `What it takes could not be found out. Try again. (${reason})`,
  'engine-failed/sweep': ({ reason }: { readonly reason: string }) => `The runs could not go on. (${reason})`,
  'image-broken/open': ({ name, reason }: { readonly name: string; readonly reason: string }) =>
    `“${name}” could not be opened. (${reason})`,
  'mask-invalid/packed-character': ({ character }: { readonly character: string }) =>
    `The painted mask cannot be read: “${character}” does not belong there. Copy the whole link again.`,
  'mask-invalid/packed-grid': ({ largest }: { readonly largest: number }) =>
    `The painted mask cannot be read: it must begin with the grid’s side, from 1 to ${largest}, and a dot. Copy the whole link again.`,
  'mask-invalid/packed-length': ({
    length,
    expected,
  }: {
    readonly length: number;
    readonly expected: number;
  }) =>
    `The painted mask cannot be read: it has ${length} characters instead of ${expected}. Copy the whole link again.`,
  'mask-invalid/packed-too-long':
    'The painted mask cannot be read: it goes on after its end. Copy the whole link again.',
  'network/look-up-model': ({ model, reason }: { readonly model: string; readonly reason: string }) =>
    `${model} could not be looked up. (${reason})`,
  'network/part-missing':
    'A part of this page could not be loaded. Check the connection and try again. If that does not help, the page was renewed on its server: reload it. The address keeps the mask.',
  'network/sample': ({ title }: { readonly title: string }) =>
    `“${title}” could not be fetched. Are you online?`,
  'network/sample-status': ({ title, status }: { readonly title: string; readonly status: number }) =>
    `“${title}” could not be fetched (status ${status}).`,
  'not-found/no-model-named': ({ reason }: { readonly reason: string }) => `This names no model. (${reason})`,
  'out-of-memory/second-copy': ({ dtype }: { readonly dtype: keyof typeof dtypes }) =>
    `The ${dtypes[dtype]} copy does not fit into memory beside the model in use. Close other tabs and measure again; the model in use goes on.`,
  'seed-invalid/not-whole': 'A seed is a whole number, such as 2.',
  'seed-invalid/unusable': ({ reason }: { readonly reason: string }) =>
    `This seed cannot be used. (${reason})`,
  'worker-died/second-copy': ({ dtype }: { readonly dtype: keyof typeof dtypes }) =>
    `The ${dtypes[dtype]} copy stopped, most likely for want of memory. Close other tabs and measure again; the model in use goes on.`,

  // What is saved and copied: src/share and src/ui/Save.
  'engine-failed/save': ({ reason }: { readonly reason: string }) => `This did not work. (${reason})`,
} as const;
