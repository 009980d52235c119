/** From the files that a visitor chose or dropped, perhaps a folder with folders in it, to one model's files by name. */
import { LensError } from '../../base/errors.ts';
import { type ByteSource, blobSource } from '../bytes/bytes.ts';
import { quote } from '../bytes/words.ts';

/** The files by name, as `nearestFiles` picks them. */
export function chosenFiles(files: readonly File[]): ReadonlyMap<string, ByteSource> {
  return new Map(nearestFiles(files).map((file) => [file.name, blobSource(file.name, file)]));
}

/**
 * One file for each name: of two the one that is nearer to the top of the folder. Call it before files go to a
 * worker, which they reach without their paths.
 * @throws LensError `checkpoint-unsupported` when two that a model can consist of are equally near
 */
export function nearestFiles(files: readonly File[]): readonly File[] {
  const nearest = new Map<string, { readonly file: File; readonly depth: number; readonly twice: boolean }>();
  for (const file of files) {
    const depth = depthOf(file);
    const other = nearest.get(file.name);
    if (other === undefined || depth < other.depth) nearest.set(file.name, { file, depth, twice: false });
    else if (depth === other.depth) nearest.set(file.name, { ...other, twice: true });
  }
  return [...nearest].map(([name, { file, twice }]) => {
    if (twice && /\.(?:json|safetensors|bin|pth?)$/i.test(name)) {
      throw new LensError(
        'checkpoint-unsupported',
        `Two of the files are called ${quote(name)}. Choose the files of one model only.`,
      );
    }
    return file;
  });
}

/** How many folders a file lies in: a file picker gives webkitRelativePath, react-dropzone relativePath. */
function depthOf(file: File): number {
  const dropped = 'relativePath' in file && typeof file.relativePath === 'string' ? file.relativePath : '';
  const path = file.webkitRelativePath || dropped;
  return path.split('/').filter((part) => part !== '' && part !== '.').length;
}
