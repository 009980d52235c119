/** The model in use for other programs. */
import { type Loaded, loadedOf } from './device.ts';
import { format } from './format.ts';

export interface Named {
  readonly name: string;
}

export const onnx = {
  label: ({ name }: Named) => `Save ${name} as ONNX`,
  about: ({ name }: Named) =>
    `One .zip with <strong>${name}</strong> as an ONNX model, for onnxruntime in Python, C++ and other languages: the whole of ViTMAEForPreTraining with its weights beside it (external data), its configuration, and a README with an example.`,
  storedAs: 'Weights stored as',
  types: {
    float32: 'Full precision: 32 bits for each weight.',
    float16: 'Half precision: 16 bits, half the size, almost the same numbers.',
  },
  sizeNotKnown: '…',
  save: 'Save',
  saveBytes: ({ bytes }: { readonly bytes: number }) => `Save (${format.size(bytes)})`,
  again: 'Try again',
  againBytes: ({ bytes }: { readonly bytes: number }) => `Try again (${format.size(bytes)})`,
  notNow: 'Not now',
  findingOut: 'Finding out what it takes… Nothing is uploaded.',
  takes: ({ bytes }: { readonly bytes: number }) =>
    `${format.exactSize(bytes)}, written on this device. Nothing is uploaded.`,
  nothingUploaded: 'Nothing is uploaded.',
  fetchAgain: ({ bytes }: { readonly bytes: number | null }) =>
    `Its files are not stored on this device (any more), so saving downloads them again${
      bytes === null ? '' : `: about ${format.size(bytes)}`
    }.`,
  progress: ({ name }: Named) => `Saving ${name}`,
  opening: 'Opening…',
  fetching: (done: Loaded) => `Fetching ${loadedOf(done)}`,
  writing: (done: Loaded) => `Writing ${loadedOf(done)}`,
  cancel: 'Cancel',
  meanwhile: 'The page can be used meanwhile, and this list closed; leaving the page ends it.',
  written: ({ name, fileName }: Named & { readonly fileName: string }) =>
    `<strong>${name}</strong> is written: ${fileName}. Unpack it and begin with the README in it.`,
  downloaded: ({ name, fileName, bytes }: Named & { readonly fileName: string; readonly bytes: number }) =>
    `<strong>${name}</strong> went to your browser’s downloads as ${fileName} (${format.size(bytes)}). Unpack it and begin with the README in it.`,
  done: 'Done',
  downloadAgain: 'Nothing arrived? Download again',
  /** For screen readers. */
  told: {
    saving: 'Saving the model.',
    saved: ({ fileName }: { readonly fileName: string }) => `Saved as ${fileName}.`,
    sizes: ({ float32, float16 }: { readonly float32: number; readonly float16: number }) =>
      `${format.size(float32)} as float32, ${format.size(float16)} as float16.`,
  },
} as const;
