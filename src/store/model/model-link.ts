/**
 * How a link names a model: `demo`, or one on the hub as a visitor can type it, `owner/name`, with `@revision` unless
 * that is the main branch, and with `:folder/` or `:folder/file` where it is not the repository itself. Which hub is
 * the visitor's own setting. `checkpoint/sources/address.ts` understands the same.
 */
import type { ModelSource } from '../../engine/engine.ts';

/** The model that comes with the page. */
export const DEMO = 'demo';

/** The branch that goes without saying. */
const MAIN = 'main';

/** The hub's rule for names: letters, digits, dots, dashes and underscores on both sides of one slash. */
const REPOSITORY = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/;
/** What git forbids in the name of a branch or tag: a commit and `refs/pr/3` are sound too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids these.
const UNSOUND = /[\s~^:?*[\\\x00-\x1f\x7f\p{Cs}]|\.\.|^\/|\/$/u;
/** No file is so deep, and no link should be so long. */
const LONGEST = 500;

/** The model's name in links; null for what no link can name: files of one's own, and folders elsewhere on the web. */
export function nameInLinks(source: ModelSource): string | null {
  if (source.kind === 'url') return DEMO;
  if (source.kind !== 'hub' || source.address.kind !== 'hub') return null;
  const { repository, revision, folder, weights } = source.address;
  const path = `${folder === '' ? '' : `${folder}/`}${weights ?? ''}`;
  return readHubName(
    `${repository}${revision === MAIN ? '' : `@${revision}`}${path === '' ? '' : `:${path}`}`,
  );
}

/** The name as the page writes it; null when it is none. */
export function readHubName(text: string): string | null {
  const [, repository = '', revision = MAIN, path] = /^([^@:]*)(?:@([^:]*))?(?::(.*))?$/s.exec(text) ?? [];
  if (text.length > LONGEST || !REPOSITORY.test(repository)) return null;
  if (revision === '' || UNSOUND.test(revision)) return null;
  if (path !== undefined && !isSoundPath(path)) return null;
  return `${repository}${revision === MAIN ? '' : `@${revision}`}${path === undefined ? '' : `:${path}`}`;
}

/** Whether it leads to a folder, with a slash at its end, or to a file, and not out of the repository. */
function isSoundPath(path: string): boolean {
  const parts = path.replace(/\/$/, '').split('/');
  return parts.every(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no file is called so.
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\\x00-\x1f\x7f\p{Cs}]/u.test(part),
  );
}
