/**
 * How a link names a model: `demo`, or one on the hub as a visitor can type it, `owner/name`, with `@revision` unless
 * that is the main branch, and with `:folder/` or `:folder/file` where it is not the repository itself. Which hub is
 * the visitor's own setting. The grammar is that of `checkpoint/sources/address.ts`.
 */
import { hubName, parseHubName, pathInside } from '../../checkpoint/sources/address.ts';
import type { ModelSource } from '../../engine/engine.ts';

/** The model that comes with the page. */
export const DEMO = 'demo';

/** No file is so deep, and no link should be so long. */
const LONGEST = 500;

/** The model's name in links; null for what no link can name: files of one's own, and folders elsewhere on the web. */
export function nameInLinks(source: ModelSource): string | null {
  if (source.kind === 'url') return DEMO;
  if (source.kind !== 'hub' || source.address.kind !== 'hub') return null;
  return readHubName(hubName({ ...source.address, path: pathInside(source.address) }));
}

/** The name as the page writes it; null when it is none. */
export function readHubName(text: string): string | null {
  if (text.length > LONGEST) return null;
  try {
    return hubName(parseHubName(text));
  } catch {
    return null;
  }
}
