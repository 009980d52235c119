import { LensError } from '../../base/errors.ts';
import type { ByteSource } from './bytes.ts';
import { refusalOf } from './refusal.ts';

/** A config.json has a few hundred bytes and an index of shards some hundred per tensor; more is not ours. */
const MAX_JSON_BYTES = 16 * 2 ** 20;

/** A file's content as JSON. Rejects with `code` when it is none. */
export async function readJson(
  source: ByteSource,
  code: 'config-invalid' | 'checkpoint-malformed',
): Promise<unknown> {
  const { name: file, size } = source;
  if (size > MAX_JSON_BYTES) throw refusalOf(file)(`${code}/json-too-long`, { bytes: size });
  const bytes = await source.read(0, size);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new LensError(`${code}/not-json`, { file }, { cause: error });
  }
}
