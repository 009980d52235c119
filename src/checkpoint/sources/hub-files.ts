/** Which of a folder's files make up the model. */
import { LensError } from '../../base/errors.ts';
import { quote } from '../bytes/words.ts';
import type { RemoteFile } from '../download/download-file.ts';
import { WEIGHTS } from '../formats/weights.ts';
import type { RemoteFolder } from './hub-listing.ts';

const CONFIG = 'config.json';
const PREPROCESSOR = 'preprocessor_config.json';

/** What the model needs, before anything of it has been read. */
export interface ChosenFiles {
  /** Absent only where `weights` was asked for by name: the original authors' files need none. */
  readonly config: RemoteFile | undefined;
  readonly preprocessor: RemoteFile | undefined;
  /** The weights, or the index that names the files with them. */
  readonly weights: RemoteFile;
  readonly isIndex: boolean;
}

/**
 * Finds config.json, preprocessor_config.json (optional) and the weights.
 * @param weights the file of weights to take; null to take the best that there is
 * @param where for messages
 * Rejects with `not-found` when config.json or the weights are missing, and like `RemoteFolder.find`.
 */
export async function chooseFiles(
  folder: RemoteFolder,
  weights: string | null,
  where: string,
): Promise<ChosenFiles> {
  const [config, preprocessor] = await Promise.all([folder.find(CONFIG), folder.find(PREPROCESSOR)]);
  if (config === undefined && weights === null) {
    throw new LensError(
      'not-found',
      `${where} has no ${CONFIG}, which says how the model is built. Check the address, or give that of a file of ` +
        'weights in it.',
    );
  }
  for (const name of weights === null ? WEIGHTS : [weights]) {
    const file = await folder.find(name);
    if (file !== undefined)
      return { config, preprocessor, weights: file, isIndex: name.endsWith('.index.json') };
  }
  throw new LensError(
    'not-found',
    weights === null
      ? `${where} has no weights that this page can read: none of ${WEIGHTS.join(', ')}. Choose a model that is ` +
          'published as safetensors or for PyTorch.'
      : `${where} has no file ${quote(weights)}. Check the address.`,
  );
}

/** The parts of the weights, in the order of `names`. Rejects with `not-found` when one is missing. */
export async function findShards(
  folder: RemoteFolder,
  names: Iterable<string>,
  where: string,
): Promise<readonly RemoteFile[]> {
  const files: RemoteFile[] = [];
  for (const name of names) {
    const file = await folder.find(name);
    if (file === undefined) {
      throw new LensError(
        'not-found',
        `${where} lacks ${quote(name)}, a part of the weights. The model was not published completely: choose another.`,
      );
    }
    files.push(file);
  }
  return files;
}
