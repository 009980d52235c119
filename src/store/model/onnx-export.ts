/** Saving the model in use as a portable ONNX model: what it would take, how far it is, and what became of it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LensError, toLensError } from '../../base/errors.ts';
import type {
  ExportedModel,
  ExportProgress,
  ModelExporter,
  SavedModel,
  WeightType,
} from '../../onnx-export/client.ts';

export type { WeightType };

export interface ModelExportState {
  /** The model that is to be saved; null while nobody asked. */
  readonly model: ExportedModel | null;
  /** What the download is for each type of weights, in bytes; null until that is known. */
  readonly sizes: Readonly<Record<WeightType, number>> | null;
  readonly weightType: WeightType;
  /** While it is being saved. */
  readonly progress: ExportProgress | null;
  /** What was saved last, until something else is done. */
  readonly saved: SavedModel | null;
  readonly error: LensError | null;
}

export interface ModelExport {
  readonly store: StoreApi<ModelExportState>;
  /** Asks what saving the model in use would take. Goes back to a model that is being saved. */
  open(): void;
  /** Forgets it. A model that is being saved goes on. */
  close(): void;
  setWeightType(weightType: WeightType): void;
  /** Call it in answer to a click: the browser may ask where to. */
  save(): void;
  /** Gives up saving; nothing is left of it. */
  cancel(): void;
  /** Hands what was saved to the browser's downloads once more. */
  downloadAgain(): void;
  dismissError(): void;
  /** To be called when another model is in use. */
  modelChanged(): void;
}

export interface ModelExportOptions {
  readonly exporter: ModelExporter;
  readonly inUse: () => ExportedModel | null;
  /** Gives a file to the browser's downloads. */
  readonly download: (blob: Blob, fileName: string) => void;
  /** Told of the end, whose words are elsewhere when the model's facts are not in sight. */
  readonly onEnd: (outcome: SavedModel | LensError) => void;
}

const STARTING: ExportProgress = { step: 'writing', doneBytes: 0, totalBytes: null };

const CLOSED = { model: null, sizes: null, progress: null, saved: null, error: null } as const;

export function createModelExport({ exporter, inUse, download, onEnd }: ModelExportOptions): ModelExport {
  const store = createStore<ModelExportState>(() => ({ ...CLOSED, weightType: 'float32' }));
  const get = store.getState;
  const set = store.setState;
  let saving: AbortController | null = null;

  async function measure(model: ExportedModel): Promise<void> {
    set({ ...CLOSED, model });
    try {
      const sizes = await exporter.sizes(model);
      if (get().model === model) set({ sizes });
    } catch (error) {
      const failure = toLensError(error, 'engine-failed/size-of-saved-model');
      if (get().model === model) set({ error: failure });
    }
  }

  async function write(model: ExportedModel, weightType: WeightType): Promise<void> {
    const mine = new AbortController();
    saving = mine;
    set({ progress: STARTING, saved: null, error: null });
    const counts = () => saving === mine;
    try {
      const saved = await exporter.save(model, weightType, {
        signal: mine.signal,
        onProgress: (progress) => {
          if (counts()) set({ progress });
        },
      });
      if (!counts()) return;
      if (saved.blob !== null) download(saved.blob, saved.fileName);
      end(saved, { saved });
    } catch (error) {
      if (!counts()) return;
      const failure = toLensError(error, 'engine-failed/save-model', { model: model.info.name });
      if (failure.code === 'cancelled') stop();
      else end(failure, { error: failure });
    }
  }

  function end(outcome: SavedModel | LensError, change: Partial<ModelExportState>): void {
    set(change);
    stop();
    onEnd(outcome);
  }

  function stop(): void {
    saving = null;
    set({ progress: null });
  }

  /** What was asked of a model that is no longer in use is forgotten with it. */
  function modelChanged(): void {
    const { model, saved } = get();
    if (saving === null && saved === null && model !== null && model.source !== inUse()?.source) set(CLOSED);
  }

  return {
    store,
    open() {
      const model = inUse();
      if (model !== null && saving === null) void measure(model);
    },
    close() {
      if (saving === null) set(CLOSED);
    },
    setWeightType(weightType) {
      set({ weightType });
    },
    save() {
      const { model, sizes, weightType } = get();
      if (model !== null && sizes !== null && saving === null) void write(model, weightType);
    },
    cancel() {
      const controller = saving;
      // First, so that the rejection that follows no longer counts.
      stop();
      controller?.abort();
      modelChanged();
    },
    downloadAgain() {
      const { saved } = get();
      if (saved !== null && saved.blob !== null) download(saved.blob, saved.fileName);
    },
    dismissError() {
      if (get().sizes === null) set(CLOSED);
      else set({ error: null });
    },
    modelChanged,
  };
}
