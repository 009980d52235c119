/** The formats that files can have: what is read, and what is recognised in order to be refused with advice. */
import { LensError } from '../../base/errors.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { latin1 } from '../bytes/sniff.ts';
import { quote } from '../bytes/words.ts';
import type { WEIGHT_FORMATS } from '../file-names.ts';
import type { TensorIndex } from '../tensors/tensors.ts';
import { FOREIGN } from './foreign.ts';
import { type FileFormat, type FileStart, START_BYTES } from './format.ts';
import { hdf5 } from './hdf5.ts';
import { pytorch } from './pytorch.ts';
import { safetensors } from './safetensors.ts';

/** A name without its reader, or a reader without its names, does not compile. */
const READ: Readonly<Record<keyof typeof WEIGHT_FORMATS, FileFormat>> = {
  safetensors,
  pytorch,
  hdf5,
};

/** The formats that are read, the preferred one first. */
export const READ_FORMATS: readonly FileFormat[] = Object.values(READ);

/** In the order in which they are asked. */
export const FORMATS: readonly FileFormat[] = [...READ_FORMATS, ...FOREIGN];

/**
 * Which tensors a file holds, whatever its format; their values are not read.
 * Rejects like the format's `read`, and with `checkpoint-unsupported` for an unknown one.
 */
export async function readTensors(source: ByteSource): Promise<TensorIndex> {
  const { size } = source;
  const text = latin1(await source.read(0, Math.min(size, START_BYTES)));
  const format = formatOf({ name: source.name.toLowerCase(), size, text });
  if (format === undefined) {
    throw new LensError('checkpoint-unsupported/unknown-format', { file: quote(source.name) });
  }
  return format.read(source);
}

function formatOf(start: FileStart): FileFormat | undefined {
  const answers = FORMATS.map((format) => ({ format, answer: format.sniff(start) }));
  const best =
    answers.find(({ answer }) => answer === 'certain') ?? answers.find(({ answer }) => answer === 'likely');
  return best?.format;
}
