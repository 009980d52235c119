/** A checkpoint from the files that a visitor chose or dropped. */
import { openCheckpoint } from '../assemble.ts';
import { blobSource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { nearestFiles } from './nearest-files.ts';

/**
 * Opens a checkpoint from files that the visitor chose or dropped, in any order, a whole folder too. Rejects like
 * `openCheckpoint`, and with `checkpoint-unsupported` when two of them have the same name.
 */
export async function openFromFiles(
  files: readonly File[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Checkpoint> {
  const sources = nearestFiles(files).map((file) => [file.name, blobSource(file.name, file)] as const);
  return openCheckpoint(new Map(sources), options);
}
