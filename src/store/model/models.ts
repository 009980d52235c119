/**
 * Which models there are, which of them are stored, and what one would cost to download. Loading one is the lens's
 * matter: this only says which.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LensError, toLensError } from '../../base/errors.ts';
import type { ModelSource } from '../../engine/engine.ts';
import type { HubSource, ModelStorage } from '../../engine/stored-models/stored-models.ts';
import type { Message } from '../notices/message.ts';
import { type PreferenceStorage, readPreferences, writePreference } from '../preferences.ts';
import { nameOfFiles, sortFiles } from './model-files.ts';

export type DownloadPlan = Awaited<ReturnType<ModelStorage['plan']>>;
type StoredModels = Awaited<ReturnType<ModelStorage['list']>>;

/** A model that can be chosen from the list. */
export interface ModelRow {
  /** `BUNDLED_KEY`, or as `ModelStorage.keyOf` gives it. */
  readonly key: string;
  readonly name: string;
  readonly source: ModelSource;
  /** One of those that the paper's authors published. */
  readonly published: boolean;
  /** To download; null where nobody said. */
  readonly bytes: number | null;
  /** Null while nothing of it is on this device. */
  readonly stored: StoredPart | null;
}

export interface StoredPart {
  readonly bytes: number;
  /** Null where nobody said. */
  readonly totalBytes: number | null;
  /** Whether it opens without the network. */
  readonly complete: boolean;
}

/** Where in the list something was done, and so where its outcome is told: a row's key, or one of these. */
export const BUNDLED_KEY = 'bundled';
export const FIELD = 'field';
export const FILES = 'files';

/** What a visitor thinks about downloading. */
export interface Inquiry {
  readonly spot: string;
  readonly source: HubSource;
  /** Null while it is being looked up. */
  readonly plan: DownloadPlan | null;
}

export interface ModelsState {
  /** Whether the list is shown. */
  readonly open: boolean;
  /** The hub's address, or a mirror's. */
  readonly hub: string;
  readonly rows: readonly ModelRow[];
  /** What all stored models take together; null until the browser has said. */
  readonly storedBytes: number | null;
  /** What the browser has left; null where it does not say. */
  readonly freeBytes: number | null;
  /** Whether the browser promised to keep what is stored; null while it was not asked. */
  readonly kept: boolean | null;
  readonly inquiry: Inquiry | null;
  readonly problem: { readonly spot: string; readonly error: LensError } | null;
}

export interface Models {
  readonly store: StoreApi<ModelsState>;
  setOpen(open: boolean): void;
  /** Uses the model of a row: at once when it is here, else after telling what the download will be. */
  choose(row: ModelRow): void;
  /** Goes on with a download that broke off. */
  resume(row: ModelRow): void;
  /** Looks up what was typed: a repository, an address. */
  lookUp(typed: string): void;
  /** Downloads what was looked up. */
  download(): void;
  /** Uses files from this device: config and weights, a single file of weights, or a folder’s content. */
  openFiles(files: readonly File[]): void;
  /** Forgets what was looked up. */
  dismissInquiry(): void;
  dismissProblem(): void;
  /** Deletes what is stored of a row's model. */
  remove(row: ModelRow): Promise<void>;
  /** @returns what is wrong with the address; null when it is taken. An empty one stands for the hub's own. */
  setHub(typed: string): Message | null;
  /** Reads again what is stored. */
  refresh(): Promise<void>;
  /** Where the list tells what becomes of loading this source. */
  spotOf(source: ModelSource): string;
}

export interface ModelsOptions {
  readonly storage: ModelStorage;
  readonly bundled: ModelSource;
  readonly load: (source: ModelSource) => void;
  readonly preferences: PreferenceStorage | null;
  /** The page's own address begins with https. */
  readonly secure: boolean;
}

/** Whether a file is more than what a mere look at a model leaves behind: its config.json, an index. */
export function isWeights(file: { readonly file: string } | { readonly name: string }): boolean {
  return !('file' in file ? file.file : file.name).endsWith('.json');
}

export function createModels({ storage, bundled, load, preferences, secure }: ModelsOptions): Models {
  const saved = readPreferences(preferences).hub;
  const hub = saved === '' || hubProblem(saved, secure) !== null ? storage.hub : saved;
  const store = createStore<ModelsState>(() => ({
    open: false,
    hub,
    rows: rowsOf(hub, []),
    storedBytes: null,
    freeBytes: null,
    kept: null,
    inquiry: null,
    problem: null,
  }));
  const get = store.getState;
  const set = store.setState;
  let stored: StoredModels = [];
  let newestReading = 0;
  let looking: AbortController | null = null;

  function rowsOf(endpoint: string, models: StoredModels): readonly ModelRow[] {
    const published = storage.published.map(({ repository, bytes }): ModelRow => {
      const source = storage.understand(repository, endpoint);
      const key = storage.keyOf(source.address);
      return { key, name: repository, source, published: true, bytes, stored: partOf(key, models) };
    });
    const own = new Set(published.map(({ key }) => key));
    const others = models
      .filter((model) => !own.has(model.source) && isBegun(model))
      .map((model): ModelRow => {
        const part = partOf(model.source, models);
        return {
          key: model.source,
          name: model.title,
          source: storage.reopen(model),
          published: false,
          bytes: part?.totalBytes ?? null,
          stored: part,
        };
      });
    return [
      {
        key: BUNDLED_KEY,
        name: bundled.name,
        source: bundled,
        published: false,
        bytes: null,
        stored: null,
      },
      ...published,
      ...others,
    ];
  }

  async function refresh(): Promise<void> {
    const reading = ++newestReading;
    try {
      const [models, freeBytes] = await Promise.all([storage.list(), storage.freeBytes()]);
      if (reading !== newestReading) return;
      stored = models;
      set({
        rows: rowsOf(get().hub, models),
        storedBytes: models.reduce((sum, { bytes }) => sum + bytes, 0),
        freeBytes,
      });
    } catch {
      // A browser that does not say what is stored: the list then has what can be downloaded.
    }
  }

  async function inquire(spot: string, source: HubSource): Promise<void> {
    looking?.abort();
    const mine = new AbortController();
    looking = mine;
    set({ inquiry: { spot, source, plan: null }, problem: null });
    try {
      const plan = await storage.plan(source.address, mine.signal);
      if (mine.signal.aborted) return;
      if (plan.remainingBytes === 0) start(source);
      else set({ inquiry: { spot, source, plan } });
    } catch (error) {
      if (mine.signal.aborted) return;
      const failure = toLensError(error, 'network/look-up-model', { model: source.name });
      set({
        inquiry: null,
        problem: failure.code === 'cancelled' ? null : { spot, error: failure },
      });
    }
  }

  function forget(): void {
    looking?.abort();
    looking = null;
    set({ inquiry: null, problem: null });
  }

  function start(source: ModelSource): void {
    forget();
    load(source);
  }

  /** Asks the browser, in answer to the visitor's click, and does not wait for an answer to begin. */
  function keepAnd(source: ModelSource): void {
    storage.keep().then(
      (kept) => set({ kept }),
      () => set({ kept: false }),
    );
    start(source);
  }

  return {
    store,
    setOpen(open) {
      set({ open });
      if (open) void refresh();
    },
    choose(row) {
      if (row.source.kind !== 'hub' || row.stored?.complete === true) start(row.source);
      else void inquire(row.key, row.source);
    },
    resume(row) {
      keepAnd(row.source);
    },
    lookUp(typed) {
      let source: HubSource;
      try {
        source = storage.understand(typed, get().hub);
      } catch (error) {
        forget();
        const failure = toLensError(error, 'not-found/no-model-named');
        set({ problem: { spot: FIELD, error: failure } });
        return;
      }
      void inquire(FIELD, source);
    },
    download() {
      const source = get().inquiry?.source;
      if (source !== undefined) keepAnd(source);
    },
    openFiles(files) {
      const { model } = sortFiles(files);
      // What is no model’s file goes to the engine all the same, which says what is missing.
      const chosen = model.length === 0 ? files : model;
      if (chosen.length > 0) start({ kind: 'files', name: nameOfFiles(chosen), files: chosen });
    },
    dismissInquiry: forget,
    dismissProblem() {
      set({ problem: null });
    },
    async remove({ key, name }) {
      try {
        await storage.remove(key);
      } catch (error) {
        const failure = toLensError(error, 'engine-failed/delete-model', { model: name });
        set({ problem: { spot: key, error: failure } });
      }
      await refresh();
    },
    setHub(typed) {
      const address = typed.trim().replace(/\/+$/, '') || storage.hub;
      const problem = hubProblem(address, secure);
      if (problem !== null) return problem;
      forget();
      writePreference(preferences, 'hub', address === storage.hub ? '' : address);
      set({ hub: address, rows: rowsOf(address, stored) });
      return null;
    },
    refresh,
    spotOf(source) {
      if (source.kind === 'files') return FILES;
      if (source.kind === 'url') return BUNDLED_KEY;
      const key = storage.keyOf(source.address);
      return get().rows.some((row) => row.key === key) ? key : FIELD;
    },
  };
}

function isBegun({ complete, files }: StoredModels[number]): boolean {
  return complete || files.some((file) => isWeights(file) && file.bytes > 0);
}

function partOf(key: string, models: StoredModels): StoredPart | null {
  const model = models.find(({ source }) => source === key);
  if (model === undefined || !isBegun(model)) return null;
  const totalBytes = model.files.reduce<number | null>(
    (sum, file) => (sum === null || file.totalBytes === null ? null : sum + file.totalBytes),
    0,
  );
  return { bytes: model.bytes, totalBytes, complete: model.complete };
}

/** What is wrong with a hub's address; null when it can be used. */
function hubProblem(address: string, secure: boolean): Message | null {
  if (!/^https?:\/\/[^\s?#@]+$/i.test(address) || !URL.canParse(address)) {
    return { key: 'hub-address-invalid' };
  }
  const { protocol, hostname } = new URL(address);
  if (secure && protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) {
    return { key: 'hub-address-not-https' };
  }
  return null;
}
