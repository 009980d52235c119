/** What the page asks about models before and after it loads them: their size, and what is kept of them. */

import { partMissing } from '../../base/errors.ts';
import {
  addressOf,
  HUB,
  type ModelAddress,
  parseModelAddress,
  sourceOf,
  titleOf,
} from '../../checkpoint/sources/address.ts';
import { KNOWN_MODELS, type KnownModel } from '../../checkpoint/sources/hub-known.ts';
import type { StoredModel } from '../../checkpoint/storage/entries.ts';
import { keepFiles } from '../../checkpoint/storage/persistence.ts';
import type { ModelSource } from '../engine.ts';
import type { StoredModelCatalogue } from './catalogue.ts';

export type HubSource = Extract<ModelSource, { kind: 'hub' }>;

export interface ModelStorage extends StoredModelCatalogue {
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
  /** Asks the browser to keep what is stored; call it in answer to a click. */
  keep(): Promise<boolean>;
}

export function createModelStorage(): ModelStorage {
  let catalogue: ReturnType<typeof openCatalogue> | null = null;
  /** What asks the hub and the store; a failure to load it is not kept. */
  const opened = () => {
    catalogue ??= openCatalogue().catch((error: unknown) => {
      catalogue = null;
      throw error;
    });
    return catalogue;
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
    plan: async (address, signal) => (await opened()).plan(address, signal),
    list: async () => (await opened()).list(),
    remove: async (source) => (await opened()).remove(source),
    freeBytes: async () => (await opened()).freeBytes(),
    keep: keepFiles,
  };
}

/** Loaded when the list of models is first opened: reading the hub and the store takes more code than the page. */
async function openCatalogue(): Promise<StoredModelCatalogue> {
  const { openCatalogue } = await import('./catalogue.ts').catch((cause: unknown) => {
    throw partMissing(cause);
  });
  return openCatalogue();
}
