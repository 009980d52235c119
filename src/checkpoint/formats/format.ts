import type { ByteSource } from '../bytes/bytes.ts';
import type { FormatNames } from '../file-names.ts';
import type { TensorIndex } from '../tensors/tensors.ts';

/** What is seen of a file before anybody knows its format. */
export interface FileStart {
  /** In lower case. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The first `START_BYTES` bytes, or all that there are, as Latin-1 text: a character for each byte. */
  readonly text: string;
}

/** Longer than any beginning by which a format is recognised. */
export const START_BYTES = 512;

/**
 * One format of weights, with what its files are called. A new one is one file in this folder that exports such an
 * object, its names in `file-names.ts`, and one line in `formats.ts`.
 */
export interface FileFormat extends FormatNames {
  /** For programmers. */
  readonly name: string;
  /**
   * Whether a file is of this format. `certain` by how it begins, because names lie; `likely` by its name alone, or by
   * something that others may have too, which counts only where no format is certain.
   */
  sniff(start: FileStart): 'certain' | 'likely' | null;
  /**
   * Which tensors the file holds; their values are not read. Rejects with a LensError of `checkpoint-malformed` or
   * `checkpoint-unsupported` where it cannot be read.
   */
  read(source: ByteSource): Promise<TensorIndex>;
}
