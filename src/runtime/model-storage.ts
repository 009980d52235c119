/** What the page asks about models before and after it loads them: their size, and what is kept of them. */
import { deleteModel, type StoredModel, storedModels } from '../checkpoint/cache-entries.ts';
import { openFileStore } from '../checkpoint/cache-open.ts';
import { keepFiles } from '../checkpoint/cache-persistence.ts';
import { type DownloadPlan, planFromHub } from '../checkpoint/hub.ts';
import {
  HUB,
  hubAddress,
  type ModelAddress,
  parseModelAddress,
  sourceOf,
  titleOf,
} from '../checkpoint/hub-address.ts';
import { KNOWN_MODELS, type KnownModel } from '../checkpoint/hub-known.ts';
import type { ModelSource } from './engine.ts';

export type HubSource = Extract<ModelSource, { kind: 'hub' }>;

export interface ModelStorage {
  /** The hub's own address. */
  readonly hub: string;
  /** The models that the paper's authors published on it. */
  readonly published: readonly KnownModel[];
  /**
   * What a visitor's words mean: `facebook/vit-mae-base`, an address.
   * @param hub the hub's address, or that of a mirror with the same layout
   * @throws LensError `not-found` with what to type instead
   */
  understand(typed: string, hub: string): HubSource;
  /** Where a stored model came from, so that it can be opened again, and finished. */
  reopen(stored: Pick<StoredModel, 'source' | 'title'>): HubSource;
  /** The `source` of a `StoredModel` and a `DownloadPlan` from this address. */
  keyOf(address: ModelAddress): string;
  /** What loading it would download. Rejects with a LensError when there is no such model, or none that can run. */
  plan(address: ModelAddress, signal?: AbortSignal): Promise<DownloadPlan>;
  /** The models of which something is stored. */
  list(): Promise<readonly StoredModel[]>;
  /** @param source as in `StoredModel` */
  remove(source: string): Promise<void>;
  /** What the browser has left for this page, in bytes; null where it does not say. */
  freeBytes(): Promise<number | null>;
  /** Asks the browser to keep what is stored; call it in answer to a click. */
  keep(): Promise<boolean>;
}

export function createModelStorage(): ModelStorage {
  let store: ReturnType<typeof openFileStore> | null = null;
  const opened = () => {
    store ??= openFileStore();
    return store;
  };
  return {
    hub: HUB,
    published: KNOWN_MODELS,
    understand(typed, hub) {
      const address = parseModelAddress(typed, hub);
      return { kind: 'hub', name: titleOf(address), address };
    },
    reopen: ({ source, title }) => ({ kind: 'hub', name: title, address: addressOf(source) }),
    keyOf: sourceOf,
    plan: async (address, signal) => planFromHub(address, { store: await opened(), signal }),
    list: async () => storedModels(await opened()),
    remove: async (source) => deleteModel(await opened(), source),
    freeBytes: async () => (await opened()).freeBytes(),
    keep: keepFiles,
  };
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
