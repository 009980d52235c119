import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * All scripts of a folder, each gzipped.
 * @param without scripts that do not count
 */
export function gzippedBytes(folder: string, without?: RegExp): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && without?.test(name) !== true)
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).byteLength, 0);
}
