import type { StoreApi } from 'zustand/vanilla';
import { LensError } from '../../base/errors.ts';
import type { Engine, ModelSource } from '../../engine/engine.ts';
import type { ModelStorage } from '../../engine/stored-models/stored-models.ts';
import type { ModelExporter } from '../../onnx-export/client.ts';
import type { DeviceChoice, DtypeChoice } from '../../runtime/device/choice.ts';
import type { NoticeActions } from '../notices/notice-slice.ts';
import { type PreferenceStorage, writePreference } from '../preferences.ts';
import type { LensState } from '../state.ts';
import { createAgreementSlice, dtypeFor } from './agreement.ts';
import { createModelLoader } from './model-loader.ts';
import { createModels, type Models } from './models.ts';
import { createModelExport, type ModelExport } from './onnx-export.ts';
import { takeUpModel } from './take-up.ts';

export interface ModelActions {
  /** Which models there are. */
  readonly models: Models;
  /** Saving the model in use elsewhere. */
  readonly modelExport: ModelExport;
  setDevice(device: DeviceChoice): void;
  /** Loads the model again where it now computes in something else. */
  setDtype(dtype: DtypeChoice): void;
  /** Measures how far the device's other precision is from float32, on the image on the stage. */
  measureAgreement(): Promise<void>;
  cancelMeasurement(): void;
  dismissMeasurementProblem(): void;
  /** Loads a model; the one in use stays until the new one is ready. */
  loadModel(source: ModelSource): void;
  /** Gives up loading a model. What was downloaded stays, to go on from there. */
  cancelModel(): void;
  dismissModelFailure(): void;
}

export interface ModelSlice extends ModelActions {
  /** Loads the page's first model, unless the visitor has asked for one meanwhile. */
  loadFirst(): void;
  /** Loads again what failed, or has never come; false where there is nothing of that kind. */
  loadAgain(): boolean;
}

interface ModelSliceOptions {
  readonly store: StoreApi<LensState>;
  readonly engine: Engine;
  readonly preferences: PreferenceStorage | null;
  /** The model that comes with the page. */
  readonly bundled: ModelSource;
  readonly storage: ModelStorage;
  readonly exporter: ModelExporter;
  readonly download: (blob: Blob, fileName: string) => void;
  /** Whether the page itself came over https. */
  readonly secure: boolean;
  readonly tell: NoticeActions['tell'];
}

export function createModelSlice(options: ModelSliceOptions): ModelSlice {
  const { store, engine, preferences, bundled, storage, exporter, download, secure, tell } = options;
  const { getState: get, setState: set } = store;

  function setModel(change: Partial<LensState['model']>): void {
    set((state) => ({ model: { ...state.model, ...change } }));
  }

  const agreement = createAgreementSlice({ store, engine, storage: preferences });
  const loader = createModelLoader({
    engine,
    home: bundled,
    get: () => get().model,
    set: setModel,
    knownAgreement: agreement.knownAgreement,
    use: (info, source, stillWanted) => takeUpModel(store, engine, info, source, stillWanted),
  });
  const models = createModels({ storage, bundled, load: loader.load, preferences, secure });
  const modelExport = createModelExport({
    exporter,
    download,
    inUse() {
      const { info, inUse } = get().model;
      return info === null || inUse === null ? null : { info, source: inUse };
    },
    onEnd(outcome) {
      // The list has it where it was asked for.
      if (models.store.getState().open) return;
      if (outcome instanceof LensError) tell('error', outcome, 'tools');
      else tell('note', { key: 'model-saved', params: { fileName: outcome.fileName } }, 'tools');
    },
  });

  store.subscribe(({ model }, { model: before }) => {
    if (model.inUse !== before.inUse) modelExport.modelChanged();
    // What was downloaded is stored by now, to the end or in part.
    const wasDownloading = before.phase.phase === 'loading' && before.source.kind === 'hub';
    if (wasDownloading && (model.phase.phase !== 'loading' || model.source !== before.source))
      void models.refresh();
    // A measurement is of the model in use, and leaves the memory to one that is being loaded.
    if (model.info !== before.info || (model.phase.phase === 'loading' && before.phase.phase !== 'loading'))
      agreement.cancel();
  });

  return {
    models,
    modelExport,
    setDevice(device) {
      const { model } = get();
      if (device === model.wantedDevice && model.phase.phase !== 'failed') return;
      writePreference(preferences, 'device', device);
      setModel({ wantedDevice: device });
      loader.load(model.source);
    },
    setDtype(dtype) {
      const { model } = get();
      if (dtype === model.wantedDtype && model.phase.phase !== 'failed') return;
      writePreference(preferences, 'dtype', dtype);
      const outcome = dtypeFor(dtype, get());
      setModel({ wantedDtype: dtype });
      const runs = model.phase.phase === 'ready' && outcome === model.info?.device.dtype;
      if (!runs) loader.load(model.source);
    },
    measureAgreement: agreement.measure,
    cancelMeasurement: agreement.cancel,
    dismissMeasurementProblem: agreement.dismissProblem,
    loadModel: loader.load,
    cancelModel: loader.cancel,
    dismissModelFailure() {
      const { info, phase } = get().model;
      const over = phase.phase === 'failed' && info !== null;
      setModel({ failure: null, ...(over ? { phase: { phase: 'ready', info } } : {}) });
    },
    loadFirst() {
      const { phase, source } = get().model;
      if (phase.phase === 'idle') loader.load(source);
    },
    loadAgain() {
      const { failure, phase, info, source } = get().model;
      if (failure === null && phase.phase !== 'failed' && info !== null) return false;
      loader.load(failure?.source ?? source);
      return true;
    },
  };
}
