/** Where a model is: on the hub, or in a folder anywhere on the web; and what a visitor types to say so. */
import { LensError } from '../../base/errors.ts';
import { quote } from '../bytes/words.ts';
import { fileName } from '../download/http.ts';
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
/** As huggingface_hub checks them (`validate_repo_id`), with the owner, which every ViTMAE model has. */
const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/;
const WEIGHTS = /\.(?:safetensors|bin|pth?|ckpt|pyth)$/i;
const INDEX = /\.(?:safetensors|bin)\.index\.json$/i;
const OTHER_WEIGHTS = /\.(?:h5|msgpack|onnx|gguf|tflite|npz|zip|tar|gz)$/i;

const EXAMPLES =
  'Type a name such as facebook/vit-mae-base, or the address of the folder that has config.json and the weights.';

/** A repository's address on the hub, without the parts that are usually left out. */
export function hubAddress(
  repository: string,
  parts: Partial<Omit<HubAddress, 'kind' | 'repository'>> = {},
): HubAddress {
  return {
    kind: 'hub',
    endpoint: HUB,
    repository,
    revision: 'main',
    folder: '',
    weights: null,
    ...parts,
  };
}

/**
 * Understands `owner/name`, `owner/name@revision`, either with `:folder/` or `:folder/file` after it, the address of a page or file on the hub, the address of any
 * folder, and that of a file of weights.
 * @throws LensError `not-found` when it is none of these, with what to type instead
 */
export function parseModelAddress(typed: string, endpoint: string = HUB): ModelAddress {
  const text = typed.trim();
  const hub = endpoint.replace(/\/+$/, '');
  if (text === '') throw unclear(`No model was named. ${EXAMPLES}`);
  if (/^https?:\/\//i.test(text)) return parseUrl(text, hub);
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    throw unclear(`${quote(text)} is not an address that a web page can read: it must begin with https://.`);
  }
  // People also copy addresses without their beginning.
  const bare = /^(?:www\.)?(?:huggingface\.co|hf\.co)\/(.*)$/i.exec(text);
  if (bare !== null) return parsePath(bare[1] ?? '', '', hub, text);
  return parseName(text, hub);
}

/** `owner/name[@revision][:path]`; the path of a folder ends with a slash. */
function parseName(text: string, endpoint: string): HubAddress {
  // No revision has a colon.
  const [, name = '', at, path = ''] = /^([^:]*?)(@[^:]*)?(?::(.*))?$/s.exec(text) ?? [];
  const address = {
    endpoint,
    ...(at === undefined ? {} : { revision: checkedRevision(at.slice(1), text) }),
  };
  const repository = checkedRepository(name, text);
  const parts = segments(path);
  if (parts.some((part) => part === '.' || part === '..'))
    throw unclear(`${quote(text)} names no folder. ${EXAMPLES}`);
  const file = path.endsWith('/') ? undefined : parts.pop();
  const folder = parts.join('/');
  if (file === undefined) return hubAddress(repository, { ...address, folder });
  if (OTHER_WEIGHTS.test(file)) throw wrongWeights(file);
  // Without a slash at its end a folder is understood all the same.
  return WEIGHTS.test(file) || INDEX.test(file)
    ? hubAddress(repository, { ...address, folder, weights: file })
    : hubAddress(repository, { ...address, folder: [...parts, file].join('/') });
}

/** The address of a file of the repository; `revision` may be a commit that stands for the address's own. */
export function resolveUrl(address: HubAddress, file: string, revision = address.revision): string {
  const path = [...segments(address.folder), ...segments(file)].map(encodeURIComponent).join('/');
  return `${address.endpoint}/${address.repository}/resolve/${encodeURIComponent(revision)}/${path}`;
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

/** For people, and what they can type to get it: "facebook/vit-mae-base", "facebook/vit-mae-large@refs/pr/3". */
export function titleOf(address: ModelAddress): string {
  if (address.kind === 'folder') {
    const { hostname, pathname } = new URL(address.weightsUrl ?? address.baseUrl);
    return `${hostname}${pathname.replace(/\/$/, '')}`;
  }
  const { repository, revision, folder, weights } = address;
  const path = [folder, weights ?? ''].filter((part) => part !== '').join('/');
  return `${repository}${revision === 'main' ? '' : `@${revision}`}${path === '' ? '' : ` · ${path}`}`;
}

function parseUrl(text: string, hub: string): ModelAddress {
  if (!URL.canParse(text)) throw unclear(`${quote(text)} is not a complete web address. ${EXAMPLES}`);
  const url = new URL(text);
  const base = [hub, ...OTHER_NAMES_OF_THE_HUB].find(
    (name) => url.href === name || url.href.startsWith(`${name}/`),
  );
  if (base !== undefined) {
    const path = url.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length).replace(/^\//, '');
    return parsePath(path, url.hash, base === hub ? hub : HUB, text);
  }
  url.hash = '';
  const file = fileName(url.href);
  if (OTHER_WEIGHTS.test(file)) throw wrongWeights(file);
  if (WEIGHTS.test(file) || INDEX.test(file)) {
    return { kind: 'folder', baseUrl: new URL('.', url).href.replace(/[?#].*$/, ''), weightsUrl: url.href };
  }
  if (url.search !== '') {
    throw unclear(
      `${quote(text)} has a question mark, so it is not a folder that has a model's files. ${EXAMPLES}`,
    );
  }
  const folder = /\.json$/i.test(file) ? new URL('.', url).href : url.href;
  return { kind: 'folder', baseUrl: folder.endsWith('/') ? folder : `${folder}/`, weightsUrl: null };
}

/** What follows the hub's name: `owner/name[/tree|blob|resolve|raw/revision[/path]]`. */
function parsePath(path: string, hash: string, endpoint: string, typed: string): HubAddress {
  const parts = segments(path.replace(/[?#].*$/, '')).map((part) => decoded(part, typed));
  const [owner = '', name, verb, ...rest] = parts;
  if (owner === 'datasets' || owner === 'spaces') {
    throw unclear(
      `${quote(typed)} is a ${owner.slice(0, -1)}, not a model. Open the model's own page and copy its address.`,
    );
  }
  if (name === undefined) throw unclear(`${quote(typed)} names no model. ${EXAMPLES}`);
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
  const inside = rest.slice(slashed);
  if (verb === 'tree') return hubAddress(repository, { endpoint, revision, folder: inside.join('/') });
  const file = inside.at(-1) ?? '';
  if (OTHER_WEIGHTS.test(file)) throw wrongWeights(file);
  const weights = WEIGHTS.test(file) || INDEX.test(file) ? file : null;
  return hubAddress(repository, { endpoint, revision, folder: inside.slice(0, -1).join('/'), weights });
}

function checkedRepository(repository: string, typed: string): string {
  if (REPOSITORY.test(repository) && !/(?:--|\.\.|\.git$)|(?:^|\/)[.-]|[.-](?:\/|$)/.test(repository))
    return repository;
  const meant = knownModel(repository);
  if (meant !== undefined) {
    throw unclear(`${quote(typed)} lacks the owner's name. Did you mean ${meant.repository}?`);
  }
  throw unclear(`${quote(typed)} is not the name of a model. ${EXAMPLES}`);
}

/** The characters that git forbids in names of branches and tags. */
function checkedRevision(revision: string, typed: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids these, and so does a header
  if (revision !== '' && !/[\s~^:?*[\\\x00-\x1f\x7f]|\.\.|^\/|\/$/.test(revision)) return revision;
  throw unclear(
    `${quote(typed)} has no sound revision after the model's name. Write it as facebook/vit-mae-base@main, with the ` +
      'name of a branch or tag, a commit, or refs/pr/ and the number of a pull request.',
  );
}

function decoded(part: string, typed: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unclear(`${quote(typed)} is not a sound web address: a percent sign in it stands alone.`);
  }
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function wrongWeights(file: string): LensError {
  return unclear(
    `${quote(file)} is not a file of weights that this page reads. Choose a .safetensors, .bin or .pth file, or the ` +
      "model's folder.",
  );
}

function unclear(message: string): LensError {
  return new LensError('not-found', message);
}
