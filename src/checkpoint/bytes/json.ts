import { type ErrorCode, LensError } from '../../base/errors.ts';
import type { ByteSource } from './bytes.ts';

/** A config.json has a few hundred bytes and an index of shards some hundred per tensor; more is not ours. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

/** A file's content as JSON. Rejects with `code` when it is none. */
export async function readJson(source: ByteSource, code: ErrorCode): Promise<unknown> {
  if (source.size > MAX_JSON_BYTES) {
    throw new LensError(
      code,
      `${source.name} has ${source.size} bytes, far too many for what it should be. Get the file again.`,
    );
  }
  const bytes = await source.read(0, source.size);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new LensError(
      code,
      `${source.name} is not a JSON file. Get the file again from where the model is.`,
      { cause: error },
    );
  }
}
