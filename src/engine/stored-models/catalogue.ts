/** The part of `ModelStorage` that asks the hub and the browser's storage: more code than the page's first image needs. */

import '../../base/english.ts';
import type { ModelAddress } from '../../checkpoint/sources/address.ts';
import { type DownloadPlan, planFromHub } from '../../checkpoint/sources/download-plan.ts';
import { deleteModel, type StoredModel, storedModels } from '../../checkpoint/storage/entries.ts';
import { openFileStore } from '../../checkpoint/storage/open-store.ts';

export interface StoredModelCatalogue {
  /** What loading it would download. Rejects with a LensError when there is no such model, or none that can run. */
  plan(address: ModelAddress, signal?: AbortSignal): Promise<DownloadPlan>;
  /** The models of which something is stored. */
  list(): Promise<readonly StoredModel[]>;
  /** @param source as in `StoredModel` */
  remove(source: string): Promise<void>;
  /** What the browser has left for this page, in bytes; null where it does not say. */
  freeBytes(): Promise<number | null>;
}

export async function openCatalogue(): Promise<StoredModelCatalogue> {
  const store = await openFileStore();
  return {
    plan: (address, signal) => planFromHub(address, { store, signal }),
    list: () => storedModels(store),
    remove: (source) => deleteModel(store, source),
    freeBytes: () => store.freeBytes(),
  };
}
