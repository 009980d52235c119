/** A storage of models whose plans the test gives by hand; names and addresses are read by the real code. */
import type { LensError } from '../../base/errors.ts';
import {
  createModelStorage,
  type HubSource,
  type ModelStorage,
} from '../../engine/stored-models/stored-models.ts';
import type { DownloadPlan } from '../model/models.ts';

type StoredModel = Awaited<ReturnType<ModelStorage['list']>>[number];
type Address = HubSource['address'];

/** A question that waits for its answer. */
export interface PendingPlan {
  readonly address: Address;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (plan: DownloadPlan) => void;
  readonly reject: (error: unknown) => void;
}

export class FakeModelStorage implements ModelStorage {
  readonly #real = createModelStorage();
  readonly hub = this.#real.hub;
  readonly published = this.#real.published;
  readonly understand = this.#real.understand;
  readonly reopen = this.#real.reopen;
  readonly keyOf = this.#real.keyOf;
  readonly plans: PendingPlan[] = [];
  models: StoredModel[] = [];
  free: number | null = 24e9;
  /** What the browser answers when it is asked to keep what is stored. */
  keeps = true;
  kept = 0;
  /** Why the next deletion fails. */
  refusal: LensError | null = null;

  plan(address: Address, signal?: AbortSignal): Promise<DownloadPlan> {
    return new Promise((resolve, reject) => {
      this.plans.push({ address, signal, resolve, reject });
    });
  }

  async list(): Promise<readonly StoredModel[]> {
    return [...this.models];
  }

  async remove(source: string): Promise<void> {
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) throw refusal;
    this.models = this.models.filter((model) => model.source !== source);
  }

  async freeBytes(): Promise<number | null> {
    return this.free;
  }

  async keep(): Promise<boolean> {
    this.kept += 1;
    return this.keeps;
  }

  /** Something of a model is stored from here on: all of it, when no smaller number of bytes is given. */
  put(name: string, totalBytes: number, bytes = totalBytes, file = 'model.safetensors'): StoredModel {
    const source = this.keyOf(this.understand(name, this.hub).address);
    const complete = bytes === totalBytes;
    const model: StoredModel = {
      source,
      title: name,
      files: [{ file, bytes, totalBytes, complete }],
      bytes,
      complete,
      modified: 0,
    };
    this.models = [...this.models.filter((other) => other.source !== source), model];
    return model;
  }
}

/** A plan of one file. */
export function planOf(
  title: string,
  totalBytes: number,
  change: Partial<DownloadPlan> & { storedBytes?: number } = {},
): DownloadPlan {
  const { storedBytes = 0, ...rest } = change;
  return {
    title,
    source: `https://huggingface.co/${title}/tree/main`,
    commit: null,
    files: [{ name: 'model.safetensors', bytes: totalBytes, storedBytes }],
    totalBytes,
    remainingBytes: totalBytes - storedBytes,
    exact: true,
    persistent: true,
    ...rest,
  };
}
