/** What the page asks about models before and after it loads them: their size, and what is kept of them. */
import { deleteModel, type StoredModel, storedModels } from '../checkpoint/cache-entries.ts';
import { openFileStore } from '../checkpoint/cache-open.ts';
import { keepFiles } from '../checkpoint/cache-persistence.ts';
import { type DownloadPlan, planFromHub } from '../checkpoint/hub.ts';
import { type ModelAddress, parseModelAddress, titleOf } from '../checkpoint/hub-address.ts';
import type { ModelSource } from './engine.ts';

export interface ModelStorage {
  /**
   * What a visitor's words mean: `facebook/vit-mae-base`, an address.
   * @throws LensError `not-found` with what to type instead
   */
  understand(typed: string): Extract<ModelSource, { kind: 'hub' }>;
  /** What loading it would download. Rejects with a LensError when there is no such model, or none that can run. */
  plan(address: ModelAddress, signal?: AbortSignal): Promise<DownloadPlan>;
  /** The models of which something is stored. */
  list(): Promise<readonly StoredModel[]>;
  /** @param source as in `StoredModel` */
  remove(source: string): Promise<void>;
  /** Asks the browser to keep what is stored; call it in answer to a click. */
  keep(): Promise<boolean>;
}

/** @param hub the hub's address, or that of a mirror with the same layout */
export function createModelStorage(hub?: string): ModelStorage {
  let store: ReturnType<typeof openFileStore> | null = null;
  const opened = () => {
    store ??= openFileStore();
    return store;
  };
  return {
    understand(typed) {
      const address = parseModelAddress(typed, hub);
      return { kind: 'hub', name: titleOf(address), address };
    },
    plan: async (address, signal) => planFromHub(address, { store: await opened(), signal }),
    list: async () => storedModels(await opened()),
    remove: async (source) => deleteModel(await opened(), source),
    keep: keepFiles,
  };
}
