/** Where a model is: on the hub, or in a folder anywhere on the web; and what a visitor types to say so. */
import { LensError } from '../../base/errors.ts';
import { quote } from '../bytes/words.ts';
import { fileName, isArchive, isForeignWeights, isIndex, isJson, isWeights } from '../file-names.ts';
import { knownModel } from './hub-known.ts';

/** The hub itself. A mirror with the same addresses, or a test's server, can take its place. */
export const HUB = 'https://huggingface.co';

/** A repository on the hub, at one of its revisions. */
export interface HubAddress {
  readonly kind: 'hub';
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** "facebook/vit-mae-base" */
  readonly repository: string;
  /** A branch, a tag, a commit, or a pull request ("refs/pr/3"). */
  readonly revision: string;
  /** The folder inside the repository that has the model; empty for the repository itself. */
  readonly folder: string;
  /** The file of weights to read, inside the folder; null to take the one that there is. */
  readonly weights: string | null;
}

/** A folder on any server that has the model's files under their usual names. */
export interface FolderAddress {
  readonly kind: 'folder';
  /** With a slash at its end. */
  readonly baseUrl: string;
  /** The whole address of the file of weights; null to take the one that there is. */
  readonly weightsUrl: string | null;
}

export type ModelAddress = HubAddress | FolderAddress;

const OTHER_NAMES_OF_THE_HUB = [HUB, 'https://www.huggingface.co', 'https://hf.co'];
/** The branch that goes without saying. */
const MAIN = 'main';

/** As huggingface_hub checks them (`validate_repo_id`), with the owner, which every ViTMAE model has. */
const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;
const UNSOUND_REPOSITORY = /(?:--|\.\.|\.git$)|(?:^|\/)[.-]|[.-](?:\/|$)/;
/** What git forbids in names of branches and tags, and halves of characters, which no address can have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids these, and so does a header
const UNSOUND_REVISION = /^$|[\s~^:?*[\\\x00-\x1f\x7f\p{Cs}]|\.\.|^\/|\/$/u;
/** What leads out of a repository, or is in no file's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: no file is called so
const UNSOUND_PART = /^\.{1,2}$|[\\\x00-\x1f\x7f\p{Cs}]/u;

/** What names a model on the hub, whichever hub that is. */
export interface HubName {
  readonly repository: string;
  readonly revision: string;
  /** The folder, with a slash at its end, or the file; empty for the repository itself. */
  readonly path: string;
}

/** A repository's address on the hub, without the parts that are usually left out. */
export function hubAddress(
  repository: string,
  parts: Partial<Omit<HubAddress, 'kind' | 'repository'>> = {},
): HubAddress {
  return {
    kind: 'hub',
    endpoint: HUB,
    repository,
    revision: MAIN,
    folder: '',
    weights: null,
    ...parts,
  };
}

/**
 * Understands `owner/name`, `owner/name@revision`, either with `:folder/` or `:folder/file` after it, the address of a
 * page or file on the hub, the address of any folder, and that of a file of weights.
 * @throws LensError `not-found` when it is none of these, with what to type instead
 */
export function parseModelAddress(typed: string, endpoint: string = HUB): ModelAddress {
  const text = typed.trim();
  const hub = endpoint.replace(/\/+$/, '');
  if (text === '') throw new LensError('not-found/nothing-typed');
  if (/^https?:\/\//i.test(text)) return parseUrl(text, hub);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    throw new LensError('not-found/address-not-https', { typed: quote(text) });
  }
  // People also copy addresses without their beginning.
  const bare = /^(?:www\.)?(?:huggingface\.co|hf\.co)\/(.*)$/i.exec(text);
  if (bare !== null) return parsePath(bare[1] ?? '', '', hub, text);
  return parseName(text, hub);
}

/**
 * The parts of `owner/name[@revision][:path]`, with a path of any kind of file.
 * @throws LensError `not-found` when it is none
 */
export function parseHubName(text: string): HubName {
  // No revision has a colon.
  const [, name = '', at, path] = /^([^:]*?)(@[^:]*)?(?::(.*))?$/s.exec(text) ?? [];
  const revision = at === undefined ? MAIN : checkedRevision(at.slice(1), text);
  const repository = checkedRepository(name, text);
  if (path === undefined) return { repository, revision, path: '' };
  const parts = checkedParts(segments(path), text);
  if (parts.length === 0) throw new LensError('not-found/folder-unsound', { typed: quote(text) });
  return { repository, revision, path: `${parts.join('/')}${path.endsWith('/') ? '/' : ''}` };
}

/** The inverse of `parseHubName`, as short as can be: "facebook/vit-mae-large@refs/pr/3:folder/model.bin". */
export function hubName({ repository, revision, path }: HubName): string {
  return `${repository}${revision === MAIN ? '' : `@${revision}`}${path === '' ? '' : `:${path}`}`;
}

/** The path to what an address on the hub leads to, as in `HubName`. */
export function pathInside({ folder, weights }: HubAddress): string {
  return `${folder === '' ? '' : `${folder}/`}${weights ?? ''}`;
}

function parseName(text: string, endpoint: string): HubAddress {
  const { repository, revision, path } = parseHubName(text);
  const parts = segments(path);
  const file = path.endsWith('/') ? undefined : parts.pop();
  if (file === undefined || isNamedWeights(file)) {
    return hubAddress(repository, {
      endpoint,
      revision,
      folder: parts.join('/'),
      weights: file ?? null,
    });
  }
  // Without a slash at its end a folder is understood all the same.
  return hubAddress(repository, { endpoint, revision, folder: path });
}

/** The address of a file of the repository; `revision` may be a commit that stands for the address's own. */
export function resolveUrl(address: HubAddress, file: string, revision = address.revision): string {
  const path = [...segments(address.folder), ...segments(file)].map(encodeURIComponent).join('/');
  return `${address.endpoint}/${address.repository}/resolve/${encodeURIComponent(revision)}/${path}`;
}

/** The address of a file in a model's place. */
export function fileUrl(address: ModelAddress, file: string): string {
  if (address.kind === 'hub') return resolveUrl(address, file);
  const { baseUrl, weightsUrl } = address;
  const url = new URL(encodeURIComponent(file), baseUrl);
  // What follows the path of the file that was named belongs to it: a key, for example.
  return weightsUrl !== null && new URL(weightsUrl).pathname === url.pathname ? weightsUrl : url.href;
}

/** The folder that an address leads to, without the file of weights that it names. */
export function folderOf(address: ModelAddress): ModelAddress {
  return address.kind === 'hub' ? { ...address, weights: null } : { ...address, weightsUrl: null };
}

/** What is stored belongs to this address: the model's page on the hub, or its folder; with `#file` where one is named. */
export function sourceOf(address: ModelAddress): string {
  if (address.kind === 'folder') {
    const { baseUrl, weightsUrl } = address;
    return weightsUrl === null ? baseUrl.replace(/\/$/, '') : `${baseUrl}#${weightsUrl}`;
  }
  const { endpoint, repository, revision, folder, weights } = address;
  const path = segments(folder).map((part) => `/${encodeURIComponent(part)}`);
  const file = weights === null ? '' : `#${weights}`;
  return `${endpoint}/${repository}/tree/${encodeURIComponent(revision)}${path.join('')}${file}`;
}

/** The inverse of `sourceOf`. */
export function addressOf(source: string): ModelAddress {
  const at = source.indexOf('#');
  const place = at < 0 ? source : source.slice(0, at);
  const file = at < 0 ? null : source.slice(at + 1);
  const hub = /^(https?:\/\/.+?)\/([^/]+\/[^/]+)\/tree\/([^/]+)(?:\/(.*))?$/.exec(place);
  if (hub === null) return { kind: 'folder', baseUrl: file === null ? `${place}/` : place, weightsUrl: file };
  const [, endpoint = '', repository = '', revision = '', folder = ''] = hub;
  return hubAddress(repository, {
    endpoint,
    revision: decodeURIComponent(revision),
    folder: decodeURIComponent(folder),
    weights: file,
  });
}

/** For people, and what they can type to get it: "facebook/vit-mae-base", "facebook/vit-mae-large@refs/pr/3". */
export function titleOf(address: ModelAddress): string {
  if (address.kind === 'folder') {
    const { hostname, pathname } = new URL(address.weightsUrl ?? address.baseUrl);
    return `${hostname}${pathname.replace(/\/$/, '')}`;
  }
  const { repository, revision, folder, weights } = address;
  const path = [folder, weights ?? ''].filter((part) => part !== '').join('/');
  return `${repository}${revision === MAIN ? '' : `@${revision}`}${path === '' ? '' : ` · ${path}`}`;
}

function parseUrl(text: string, hub: string): ModelAddress {
  const url = parsedUrl(text);
  const base = [hub, ...OTHER_NAMES_OF_THE_HUB].find(
    (name) => url.href === name || url.href.startsWith(`${name}/`),
  );
  if (base === undefined) return folderAddress(text);
  const path = url.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length).replace(/^\//, '');
  return parsePath(path, url.hash, base === hub ? hub : HUB, text);
}

/**
 * The folder at an address, or the one that the file of weights or the config at the address lies in, on whichever
 * server.
 * @throws LensError `not-found` when it is no complete address, or none of these
 */
export function folderAddress(text: string): FolderAddress {
  const url = parsedUrl(text);
  url.hash = '';
  const file = fileName(url.href);
  if (isNamedWeights(file)) {
    return { kind: 'folder', baseUrl: new URL('.', url).href.replace(/[?#].*$/, ''), weightsUrl: url.href };
  }
  if (url.search !== '') throw new LensError('not-found/address-question-mark', { typed: quote(text) });
  const folder = isJson(file) ? new URL('.', url).href : url.href;
  return { kind: 'folder', baseUrl: folder.endsWith('/') ? folder : `${folder}/`, weightsUrl: null };
}

function parsedUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new LensError('not-found/address-incomplete', { typed: quote(text) });
}

/** What follows the hub's name: `owner/name[/tree|blob|resolve|raw/revision[/path]]`. */
function parsePath(path: string, hash: string, endpoint: string, typed: string): HubAddress {
  const parts = segments(path.replace(/[?#].*$/, '')).map((part) => decoded(part, typed));
  const [owner = '', name, verb, ...rest] = parts;
  if (owner === 'datasets') throw new LensError('not-found/address-of-dataset', { typed: quote(typed) });
  if (owner === 'spaces') throw new LensError('not-found/address-of-space', { typed: quote(typed) });
  if (name === undefined) throw new LensError('not-found/address-without-model', { typed: quote(typed) });
  const repository = checkedRepository(`${owner}/${name}`, typed);
  if (verb === undefined) return hubAddress(repository, { endpoint });
  if (!['tree', 'blob', 'resolve', 'raw'].includes(verb)) {
    // Other pages of the model: discussions, settings. A pull request's page says its revision.
    const request = verb === 'discussions' ? /^\d+$/.exec(rest[0] ?? '') : null;
    const files = request !== null && (rest[1] === 'files' || hash.startsWith('#files'));
    return hubAddress(repository, files ? { endpoint, revision: `refs/pr/${request[0]}` } : { endpoint });
  }
  // The hub escapes the slashes of a revision; people who write it by hand do not.
  const slashed = rest[0] === 'refs' && rest.length >= 3 ? 3 : 1;
  const revision = checkedRevision(rest.slice(0, slashed).join('/') || 'main', typed);
  const inside = checkedParts(rest.slice(slashed), typed);
  if (verb === 'tree') return hubAddress(repository, { endpoint, revision, folder: inside.join('/') });
  const file = inside.at(-1) ?? '';
  const weights = isNamedWeights(file) ? file : null;
  return hubAddress(repository, { endpoint, revision, folder: inside.slice(0, -1).join('/'), weights });
}

/**
 * Whether the file is one of weights, or an index of them.
 * @throws LensError `not-found` for weights that this page cannot read
 */
function isNamedWeights(file: string): boolean {
  if (isWeights(file) || isIndex(file)) return true;
  if (isForeignWeights(file) || isArchive(file)) {
    throw new LensError('not-found/not-weights', { file: quote(file) });
  }
  return false;
}

function checkedRepository(repository: string, typed: string): string {
  if (REPOSITORY.test(repository) && !UNSOUND_REPOSITORY.test(repository)) return repository;
  const meant = knownModel(repository);
  throw meant === undefined
    ? new LensError('not-found/name-unsound', { typed: quote(typed) })
    : new LensError('not-found/owner-missing', { typed: quote(typed), meant: meant.repository });
}

function checkedRevision(revision: string, typed: string): string {
  if (!UNSOUND_REVISION.test(revision)) return revision;
  throw new LensError('not-found/revision-unsound', { typed: quote(typed) });
}

function checkedParts(parts: readonly string[], typed: string): readonly string[] {
  if (!parts.some((part) => UNSOUND_PART.test(part))) return parts;
  throw new LensError('not-found/folder-unsound', { typed: quote(typed) });
}

function decoded(part: string, typed: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new LensError('not-found/address-percent-sign', { typed: quote(typed) });
  }
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
