/** Which of the files that were dropped, pasted or chosen are a model, and which are images. */
import { isForeignWeights, isJson, isWeights } from '../../checkpoint/file-names.ts';
import type { Message } from '../notices/message.ts';

export interface SortedFiles {
  /** A model's files, in any number; empty when there is none. */
  readonly model: readonly File[];
  /** Everything to be opened as an image. What is neither is one too when nothing else is there: it gets its message. */
  readonly images: readonly File[];
  /** What is neither. */
  readonly others: readonly File[];
}

const IMAGE = /\.(?:png|jpe?g|jfif|webp|gif|avif|bmp|svg|heic|heif|tiff?|ico)$/i;

export function sortFiles(files: readonly File[]): SortedFiles {
  const model = files.filter(({ name }) => holdsWeights(name) || isJson(name));
  const rest = files.filter((file) => !model.includes(file));
  if (model.length === 0) return { model, images: rest, others: [] };
  // A model's folder may have figures in it: they belong to its description.
  const isOwnImage = (file: File) => isImage(file) && folderOf(file) === '';
  return {
    model,
    images: rest.filter(isOwnImage),
    others: rest.filter((file) => !isOwnImage(file)),
  };
}

/** What to call a model that came as files: its folder, or its file of weights. */
export function nameOfFiles(files: readonly File[]): string {
  const weights = files.filter(({ name }) => holdsWeights(name)).sort((a, b) => b.size - a.size);
  const folders = new Set(files.map((file) => folderOf(file).split('/')[0] ?? ''));
  const [folder = ''] = folders;
  if (folders.size === 1 && folder !== '') return folder;
  return weights[0]?.name ?? files[0]?.name ?? 'files from this device';
}

/** What a drop of several things was taken for; empty when there is nothing to explain. */
export function takenMessages({ model, images, others }: SortedFiles): readonly Message[] {
  if (model.length === 0 || images.length + others.length === 0) return [];
  const [image] = images;
  const left = [...images.slice(1), ...others];
  const taken: Message =
    image === undefined
      ? { key: 'took-model', params: someFiles(model) }
      : { key: 'took-model-and-image', params: { ...someFiles(model), image: image.name } };
  return left.length === 0 ? [taken] : [taken, { key: 'left-aside', params: someFiles(left) }];
}

function someFiles(files: readonly File[]) {
  return { count: files.length, first: files[0]?.name ?? '' };
}

/** Weights that this page reads, and those that it knows and refuses with advice. */
function holdsWeights(name: string): boolean {
  return isWeights(name) || isForeignWeights(name);
}

function isImage({ name, type }: File): boolean {
  return type === '' ? IMAGE.test(name) : type.startsWith('image/');
}

/** A file picker gives webkitRelativePath, react-dropzone relativePath. */
function folderOf(file: File): string {
  const dropped = 'relativePath' in file && typeof file.relativePath === 'string' ? file.relativePath : '';
  const parts = (file.webkitRelativePath || dropped).split('/').filter((part) => part !== '' && part !== '.');
  return parts.slice(0, -1).join('/');
}
