/**
 * The page's heart: the slices of its state joined in one store, with what changes them. Masks follow the settings in
 * the same call; the engine follows as fast as it can. No globals, so that tests can have many.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Engine, ModelSource } from '../engine/engine.ts';
import type { ModelStorage } from '../engine/stored-models/stored-models.ts';
import type { ModelExporter } from '../onnx-export/client.ts';
import { createImageSlice, type ImageActions } from './image/image-slice.ts';
import { startImage } from './image/image-state.ts';
import type { Sample } from './image/samples.ts';
import type { ParsedLink } from './link/link.ts';
import { createLinkSlice, type LinkActions } from './link/link-slice.ts';
import { startLink } from './link/link-state.ts';
import { createMaskSlice, type MaskActions } from './mask/mask-slice.ts';
import { startMask } from './mask/mask-state.ts';
import { startHistory } from './mask/undo.ts';
import { startAgreement } from './model/agreement.ts';
import { createModelSlice, type ModelActions } from './model/model-slice.ts';
import { startModel } from './model/model-state.ts';
import { createNoticeSlice, type NoticeActions } from './notices/notice-slice.ts';
import { startNotices } from './notices/notice-state.ts';
import { type PreferenceStorage, readPreferences } from './preferences.ts';
import { followInterpolation } from './result/interpolation.ts';
import type { Precomputed } from './result/precomputed.ts';
import { followReconstruction } from './result/reconstruction.ts';
import { startResult } from './result/result-state.ts';
import type { LensState } from './state.ts';
import { createSweeps, type Sweeps } from './sweep/sweep.ts';
import { createViewSlice, type ViewActions } from './view/view-slice.ts';
import { startView } from './view/view-state.ts';

export interface LensOptions {
  readonly engine: Engine;
  /** The model that comes with the page. */
  readonly source: ModelSource;
  readonly samples: readonly Sample[];
  /** The sample's bytes. */
  readonly fetchSample: (sample: Sample) => Promise<Blob>;
  /** The sample's result computed ahead, or null. */
  readonly fetchPrecomputed: (sample: Sample) => Promise<Precomputed | null>;
  /**
   * What the page's first model waits for, so that it takes nothing from the first image; nothing when absent.
   * @param opened resolves when the first image is on the stage with what was computed ahead, or cannot be
   */
  readonly beforeModel?: (opened: Promise<void>) => Promise<void>;
  readonly storage: PreferenceStorage | null;
  readonly models: ModelStorage;
  readonly exporter: ModelExporter;
  /** Gives a file to the browser's downloads. */
  readonly download: (blob: Blob, fileName: string) => void;
  /** Whether the page itself came over https; addresses of models then have to as well. */
  readonly secure: boolean;
  /** In [0, 1), for new seeds. */
  readonly random: () => number;
}

export interface Lens
  extends MaskActions,
    ImageActions,
    ModelActions,
    ViewActions,
    NoticeActions,
    LinkActions {
  readonly store: StoreApi<LensState>;
  /** Several runs on one image. */
  readonly sweeps: Sweeps;
  /** Opens what a link says, else the first sample, and loads the model. */
  start(link?: ParsedLink): void;
  dismissRunFailure(): void;
  /** Tries again what failed: the model, or the last run. */
  retry(): void;
}

export function createLens(options: LensOptions): Lens {
  const { engine, samples, storage, source, exporter, download, secure, random } = options;
  const preferences = readPreferences(storage);
  const store = createStore<LensState>(() => ({
    ...startMask(),
    ...startImage(samples),
    model: startModel(source, preferences),
    agreement: startAgreement(storage),
    ...startResult(),
    ...startLink(),
    ...startView(preferences),
    ...startNotices(),
  }));

  const live = followReconstruction(store, engine);
  followInterpolation(store, engine);
  const notices = createNoticeSlice(store);
  const { tell } = notices;
  const image = createImageSlice({ ...options, store, tell });
  const { openSample } = image;
  const { openLink } = createLinkSlice({ store, openSample, tell });
  const { loadFirst, loadAgain, ...model } = createModelSlice({
    store,
    engine,
    preferences: storage,
    bundled: source,
    storage: options.models,
    exporter,
    download,
    secure,
    tell,
  });

  return {
    store,
    sweeps: createSweeps({ engine, lens: store, liveRuns: live.working }),
    ...createMaskSlice({ store, random, onRest: live.rest }),
    ...image,
    ...model,
    ...createViewSlice(store, storage),
    ...notices,
    openLink,
    start(link) {
      void exporter.tidy();
      const { wantedSample } = store.getState();
      let opened = Promise.resolve();
      if (link !== undefined) opened = openLink(link);
      else if (wantedSample !== null) opened = openSample(wantedSample);
      // What a link begins with is no step to be taken back.
      store.setState(({ history }) => ({ history: startHistory(history.present) }));
      if (options.beforeModel === undefined) loadFirst();
      else void options.beforeModel(opened).then(loadFirst);
    },
    dismissRunFailure() {
      store.setState({ resultError: null });
    },
    retry() {
      store.setState({ resultError: null, interpolationFailure: null });
      if (!loadAgain()) live.follow();
    },
  };
}
