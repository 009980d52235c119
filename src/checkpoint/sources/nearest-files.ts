/**
 * From the files that a visitor chose or dropped, perhaps a folder with folders in it, to one model's. It knows names
 * only, so that the page may ask it without bringing along what reads files.
 */
import { refusalOf } from '../bytes/refusal.ts';
import { quote } from '../bytes/words.ts';
import { isJson, isWeights } from '../file-names.ts';

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
    if (twice && (isJson(name) || isWeights(name))) {
      throw refusalOf(quote(name))('checkpoint-unsupported/same-name');
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
