/** Which files a model's place has: by the hub's listing, or by asking for each where there is no listing. */
import * as z from 'zod/mini';
import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import { announcedBytes, isWebPage, mayPass, noConnection, refusal, retryAfterMs } from '../download/http.ts';
import type { RemoteFile } from '../download/remote-file.ts';
import { PATIENCE, PassingFailure, type Patience, Tries, Watch } from '../download/retry.ts';
import { fileUrl, type HubAddress, type ModelAddress, resolveUrl, titleOf } from './address.ts';
import { readListing } from './listing.ts';
import type { RemoteFolder } from './remote-folder.ts';

export interface LookUpOptions {
  readonly signal?: AbortSignal | undefined;
  readonly patience?: Patience | undefined;
}

/** Asking costs little, and a visitor waits for it: fewer tries than for a download that has begun. */
const LOOK_UPS = 2;
/** What TensorFlow's programs call weights that cannot be read; asked for last, to say what a folder has. */
const FOREIGN_NAMES = ['model.weights.h5', 'ckpt.index'];
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What `GET /api/models/{repository}/revision/{revision}?blobs=true` gives, as huggingface_hub reads it
 * (`HfApi.model_info(files_metadata=True)`). One answer has all files, where `/tree` gives pages of 1000, and the
 * commit, so that all files come from one state of the repository whatever is pushed meanwhile.
 */
const infoSchema = z.object({
  sha: z.nullish(z.string().check(z.regex(/^[0-9a-f]{40,64}$/))),
  gated: z.unknown(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.nullish(z.int().check(z.minimum(0))),
      blobId: z.nullish(z.string()),
      lfs: z.nullish(
        z.object({
          sha256: z.nullish(z.string().check(z.regex(SHA256))),
          size: z.nullish(z.int().check(z.minimum(0))),
        }),
      ),
    }),
  ),
});

/**
 * The files at an address. On the hub they come from its listing; a mirror without one, and any other server, is
 * asked for each file.
 * Rejects with `not-found` (no such model or revision), `network` (private, asks for consent, no connection) or
 * `cancelled`.
 */
export async function lookUpFolder(
  address: ModelAddress,
  options: LookUpOptions = {},
): Promise<RemoteFolder> {
  if (address.kind === 'folder') return unlistedFolder(address, options);
  return (await listHub(address, options)) ?? unlistedFolder(address, options);
}

async function listHub(address: HubAddress, options: LookUpOptions): Promise<RemoteFolder | undefined> {
  const { endpoint, repository, revision, folder } = address;
  const url = `${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  let text: string;
  try {
    text = await ask(url, 'GET', options, async (response) => {
      if (response.ok) return response.text();
      throw hubRefusal(response, address) ?? refusal(response.status, url);
    });
  } catch (error) {
    throwIfCancelled(options.signal);
    if (error instanceof HubRefusal) throw error.error;
    // The listing is a convenience: where it cannot be had, the files may still be.
    return undefined;
  }
  const info = parseInfo(text);
  if (info === undefined) return undefined;
  if (info.gated !== undefined && info.gated !== null && info.gated !== false) throw asksForConsent(address);

  const prefix = folder === '' ? '' : `${folder}/`;
  const commit = info.sha ?? null;
  const files = new Map<string, RemoteFile>();
  for (const { rfilename, size, blobId, lfs } of info.siblings) {
    if (!rfilename.startsWith(prefix)) continue;
    const name = rfilename.slice(prefix.length);
    const sha256 = lfs?.sha256 ?? null;
    files.set(name, {
      name,
      url: resolveUrl(address, name, commit ?? revision),
      size: lfs?.size ?? size ?? null,
      sha256,
      identity: sha256 ?? blobId ?? null,
    });
  }
  const names = [...files.keys()].filter((name) => !name.includes('/'));
  return { commit, find: async (name) => files.get(name), list: async () => names };
}

function unlistedFolder(address: ModelAddress, options: LookUpOptions): RemoteFolder {
  const find = async (name: string): Promise<RemoteFile | undefined> => {
    const url = fileUrl(address, name);
    return ask(url, 'HEAD', options, async (response) => {
      const file = { name, url, size: null, sha256: null, identity: null };
      // Servers that do not answer HEAD: whether the file is there shows when it is fetched.
      if (response.status === 405 || response.status === 501) return file;
      if (!response.ok || isWebPage(response, '')) {
        // Stores such as S3 refuse what they do not have.
        if (response.ok || [401, 403, 404, 410].includes(response.status)) return undefined;
        throw refusal(response.status, url);
      }
      // A mirror that serves the files itself has the hub's header on its last answer, where scripts can read it.
      const linked = response.headers.get('x-linked-etag')?.replaceAll('"', '') ?? '';
      const sha256 = SHA256.test(linked) ? linked : null;
      return { ...file, size: announcedBytes(response), sha256, identity: sha256 };
    });
  };
  const list = async () => {
    const listed = address.kind === 'hub' ? [] : await listedFiles(address.baseUrl, options);
    if (listed.length > 0) return listed;
    const asked = await Promise.all(FOREIGN_NAMES.map(find));
    return asked.flatMap((file) => file?.name ?? []);
  };
  return { commit: null, find, list };
}

/** The files that a server's own page for a folder links to; none where it has no such page. */
async function listedFiles(baseUrl: string, options: LookUpOptions): Promise<readonly string[]> {
  try {
    return await ask(baseUrl, 'GET', options, (response) => readListing(response, baseUrl));
  } catch (error) {
    throwIfCancelled(options.signal);
    if (error instanceof LensError) return [];
    throw error;
  }
}

/** Asks until there is an answer that will not change by asking again. */
async function ask<T>(
  url: string,
  method: 'GET' | 'HEAD',
  { signal, patience = PATIENCE }: LookUpOptions,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const tries = new Tries(patience.waitsMs, signal);
  for (;;) {
    throwIfCancelled(signal);
    const watch = new Watch(patience.silenceMs, signal);
    try {
      const response = await fetch(url, { method, signal: watch.signal, cache: 'no-cache' });
      if (mayPass(response.status)) {
        throw new PassingFailure(refusal(response.status, url), retryAfterMs(response));
      }
      return await read(response);
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof LensError || error instanceof HubRefusal) throw error;
      const failure = error instanceof PassingFailure ? error : new PassingFailure(noConnection(url, error));
      await tries.fail(failure, LOOK_UPS, () => undefined);
    } finally {
      watch.end();
    }
  }
}

/** A refusal by the hub itself: it knows, so there is no use in asking for the files one by one. */
class HubRefusal extends Error {
  readonly error: LensError;

  constructor(error: LensError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * The hub says in X-Error-Code what is wrong. To strangers it answers 401 for private models and for models that do
 * not exist alike.
 */
function hubRefusal(response: Response, address: HubAddress): HubRefusal | undefined {
  const { repository, revision, endpoint } = address;
  const code = response.headers.get('x-error-code');
  if (code === 'GatedRepo') return new HubRefusal(asksForConsent(address));
  if (code === 'RevisionNotFound') {
    return new HubRefusal(new LensError('not-found/revision', { repository, revision }));
  }
  if (code === 'RepoNotFound' || response.status === 401 || response.status === 403) {
    const model = titleOf(address);
    return new HubRefusal(new LensError('not-found/no-public-model', { model, endpoint }));
  }
  return undefined;
}

function asksForConsent({ repository, endpoint }: HubAddress): LensError {
  return new LensError('network/asks-for-consent', { repository, endpoint });
}

function parseInfo(text: string): z.infer<typeof infoSchema> | undefined {
  try {
    return infoSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
