import { format } from './format.ts';

export interface SomeFiles {
  readonly count: number;
  /** The first one's name. */
  readonly first: string;
}

const someFiles = ({ count, first }: SomeFiles): string =>
  count === 1 ? `“${first}”` : `${format.number(count)} files`;

/** What the page tells where something was done. `link-…` speaks of the link that the page was opened with. */
export const notices = {
  'clipboard-refused': 'The browser did not hand over the clipboard. Press Ctrl V instead.',
  'clipboard-without-image': 'The clipboard holds no image. Copy one, then paste again.',
  'copying-link-refused': 'The browser did not allow copying. The link stands in its address bar.',
  'embed-code-copied': 'The HTML is copied. It shows this page with this mask inside another one.',
  'figure-copied': 'The figure is on the clipboard.',
  'first-of-several-files': ({ count, first }: SomeFiles) =>
    `${format.number(count)} files came at once. This is the first, “${first}”: one image at a time.`,
  'hub-address-invalid':
    'This is no hub’s address. Write it as https://huggingface.co, without anything after it.',
  'hub-address-not-https':
    'This page came over https, so the browser lets it ask other https addresses only.',
  'left-aside': ({ count, first }: SomeFiles) =>
    count === 1 ? `“${first}” was left aside.` : `${format.number(count)} other files were left aside.`,
  'link-copied': 'The link is copied.',
  'link-copied-without-image':
    'The link is copied. Your image is not in it; who opens it sees a sample with your mask.',
  'link-embed': 'The link’s embed flag cannot be used: it is neither 1 nor 0. The usual one is used instead.',
  'link-generator': ({ text }: { readonly text: string }) =>
    `The link’s generator cannot be used: there is none called “${text}”. The usual one is used instead.`,
  'link-hide': ({ text }: { readonly text: string }) =>
    `The link’s list of hidden parts cannot be used: there is nothing called “${text}”. The rest of it is used.`,
  'link-model': ({ text }: { readonly text: string }) =>
    `The link’s model cannot be used: “${text}” is neither “demo” nor a name such as facebook/vit-mae-base, with its revision after an @ where it has one. The usual one is used instead.`,
  'link-of-other-grid': ({ linked, grid }: { readonly linked: number; readonly grid: number }) =>
    `The link’s painted mask is for ${linked} x ${linked} patches, but this model has ${grid} x ${grid}. Open the link with the model it was made for.`,
  'link-of-other-model': ({ model }: { readonly model: string }) =>
    `This link was made with the model ${model}. Nothing is downloaded unasked: load it to see the same result.`,
  'link-of-own-image':
    'This link was made with an image of somebody’s own, which never goes into a link. Open that image yourself to see the same result.',
  'link-of-own-model':
    'This link was made with a model opened from files or from an address of its own, which never go into a link. Open that model yourself to see the same result.',
  'link-painted':
    'The link’s painted mask cannot be used: it is damaged. Copy the whole link again. The usual one is used instead.',
  'link-ratio': ({ text }: { readonly text: string }) =>
    `The link’s mask ratio cannot be used: “${text}” is not a number from 0 to 1. The usual one is used instead.`,
  'link-sample': ({ text }: { readonly text: string }) =>
    `The link’s image cannot be used: there is none called “${text}”. The usual one is used instead.`,
  'link-seed': ({ text }: { readonly text: string }) =>
    `The link’s seed cannot be used: “${text}” is not a whole number such as 2. The usual one is used instead.`,
  'link-strategy': ({ text }: { readonly text: string }) =>
    `The link’s masking strategy cannot be used: there is none called “${text}”. The usual one is used instead.`,
  'link-view': ({ text }: { readonly text: string }) =>
    `The link’s view cannot be used: there is nothing called “${text}”. The rest of it is used.`,
  'model-saved': ({ fileName }: { readonly fileName: string }) => `The model was saved as ${fileName}.`,
  'took-model': (files: SomeFiles) => `Took ${someFiles(files)} as a model.`,
  'took-model-and-image': ({ image, ...files }: SomeFiles & { readonly image: string }) =>
    `Took ${someFiles(files)} as a model and opened “${image}” as the image.`,
} as const;
