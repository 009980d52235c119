import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a page loads with mae-lens.js, each script gzipped; what prepares images is counted apart. */
export interface LibrarySize {
  readonly model: number;
  readonly processor: number;
}

/** @param folder dist-library */
export function librarySize(folder: string): LibrarySize {
  const size = { model: 0, processor: 0 };
  const seen = new Set<string>();
  const add = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(join(folder, name), 'utf8');
    size[name === 'processor.js' ? 'processor' : 'model'] += gzipSync(text).byteLength;
    for (const [, imported = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([\w-]+\.js)["']/g))
      add(imported);
  };
  add('mae-lens.js');
  return size;
}
