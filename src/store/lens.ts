/**
 * The page's heart: state, and the few methods that change it. Masks follow the settings in the same call; the
 * engine follows as fast as it can. No globals, so that tests can have many.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { LensError, toLensError } from '../base/errors.ts';
import type { Engine, ModelInfo, ModelSource, Reconstruction } from '../engine/engine.ts';
import type { ModelStorage } from '../engine/stored-models/stored-models.ts';
import { NOTHING_PAINTED } from '../mae/manual-mask.ts';
import type { ModelExporter } from '../onnx-export/client.ts';
import type { DeviceChoice, DtypeChoice } from '../runtime/device/choice.ts';
import type { Sample } from './image/samples.ts';
import { FIT, type Viewport } from './image/viewport.ts';
import { type Frame, type ViewFlag, WHOLE_PAGE } from './link/link.ts';
import { createMaskEditor, type MaskEditor } from './mask/mask-editor.ts';
import { DEFAULT_GEOMETRY, type Masking, maskFor } from './mask/masking.ts';
import {
  DEFAULT_SETTINGS,
  type Generator,
  type MaskSettings,
  maskSettings,
  normalizeSeed,
} from './mask/settings.ts';
import { type History, startHistory } from './mask/undo.ts';
import { createAgreementKeeper, dtypeFor, startAgreement } from './model/agreement.ts';
import { createModelLoader } from './model/model-loader.ts';
import { createModels, type Models } from './model/models.ts';
import { createModelExport, type ModelExport } from './model/onnx-export.ts';
import { type PreferenceStorage, readPreferences, writePreference } from './preferences.ts';
import { followInterpolation } from './result/interpolation.ts';
import { createPacer } from './result/pacer.ts';
import type { Precomputed } from './result/precomputed.ts';
import { createRunner } from './result/runner.ts';
import {
  type BrushTool,
  type DialogName,
  forwardMs,
  type Image,
  isCurrent,
  type LensState,
  type Place,
  type Theme,
} from './state.ts';
import { createRuns, type Runs } from './sweep/sweep.ts';

export interface LensOptions {
  readonly engine: Engine;
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

export interface Lens extends MaskEditor {
  readonly store: StoreApi<LensState>;
  /** Which models there are. */
  readonly models: Models;
  /** Saving the model in use elsewhere. */
  readonly modelExport: ModelExport;
  /** Several runs on one image. */
  readonly runs: Runs;
  /** Opens a sample, the first one if none is named, and loads the model. */
  start(sample?: string | null): void;
  /** Takes what was typed; what no mask can be made of becomes the draft, with its problem. */
  setSeed(text: string): void;
  newSeed(): void;
  setGenerator(generator: Generator): void;
  openSample(id: string): Promise<void>;
  /** Opens the first of the files; `place` is where the visitor gave them. */
  openFiles(files: readonly File[], place: Place): Promise<void>;
  /** @param model the name of one that can be looked up right there */
  tell(kind: 'error' | 'note', text: string, place: Place, model?: string): void;
  dismissNotice(): void;
  dismissRunFailure(): void;
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
  /** Tries again what failed: the model, or the last run. */
  retry(): void;
  togglePatchGrid(): void;
  toggleOrder(): void;
  toggleErrors(): void;
  toggleInterpolation(): void;
  setViewport(viewport: Viewport): void;
  setTool(tool: BrushTool): void;
  /** The patch under the pointer or in focus; null when it is none. */
  pointAt(patch: number | null): void;
  setDialog(dialog: DialogName | null): void;
  /** What a link says beside the mask and the image. */
  setLinked(linked: {
    readonly view: readonly ViewFlag[];
    readonly frame: Frame;
    /** The name of a model that is not loaded; null when the link names the one in use. */
    readonly model: string | null;
  }): void;
  setTheme(theme: Theme): void;
  setHelp(open: boolean): void;
  setShortcuts(on: boolean): void;
}

interface Job {
  readonly image: Image;
  readonly masking: Masking;
  readonly model: ModelInfo;
}

/** New seeds are below this: short enough to be read out, and good for both libraries. */
const NEW_SEEDS = 10_000;

export function createLens(options: LensOptions): Lens {
  const { engine, samples, storage } = options;
  const preferences = readPreferences(storage);
  const store = createStore<LensState>(() => ({
    settings: DEFAULT_SETTINGS,
    history: startHistory(maskSettings(DEFAULT_SETTINGS)),
    draft: null,
    masking: maskFor(DEFAULT_SETTINGS, DEFAULT_GEOMETRY),
    samples,
    image: null,
    opening: null,
    notice: null,
    model: {
      source: options.source,
      wantedDevice: preferences.device,
      wantedDtype: preferences.dtype,
      phase: { phase: 'idle' },
      info: null,
      inUse: null,
      failure: null,
    },
    agreement: startAgreement(storage),
    result: null,
    resultError: null,
    interpolation: null,
    interpolationFailure: null,
    patch: null,
    viewport: FIT,
    frame: WHOLE_PAGE,
    linkedModel: null,
    view: {
      patchGrid: false,
      order: false,
      errors: false,
      interpolation: false,
      tool: 'cells',
      dialog: null,
      theme: preferences.theme,
      help: false,
      shortcuts: preferences.shortcuts,
    },
  }));
  const get = store.getState;
  const set = store.setState;
  let keys = 0;
  let newestOpening = 0;

  const runner = createRunner<Job, Reconstruction>(
    ({ image, masking }) => engine.reconstruct(image.prepared.id, masking),
    (job, answer) => {
      if (!belongsToNow(job)) return follow();
      // A late answer may fill a gap or show progress, but never replaces the right one.
      if (isCurrent(get()) && job.masking !== get().masking) return;
      set({
        resultError: null,
        result: {
          imageKey: job.image.key,
          masking: job.masking,
          reconstruction: answer.reconstruction,
          loss: answer.loss,
          patchErrors: answer.patchErrors,
          timing: { encoderMs: answer.encoderMs, decoderMs: answer.decoderMs },
          modelName: job.model.name,
          model: job.model,
        },
      });
    },
    (job, error) => {
      const failure = toLensError(error, 'engine-failed', 'The image could not be reconstructed.');
      if (failure.code === 'cancelled') return;
      if (!belongsToNow(job)) return follow();
      if (job.masking === get().masking) set({ resultError: failure });
    },
  );

  const pacer = createPacer(runner, () => forwardMs(get()));

  /** Whether a job's image and model are still the ones in use; its mask may be an older one. */
  function belongsToNow(job: Job): boolean {
    const { image, model } = get();
    return job.image.prepared === image?.prepared && job.model === model.info;
  }

  /** Asks the engine for what the state now calls for. */
  function follow(): void {
    const state = get();
    const { image, masking, model } = state;
    if (image === null || model.info === null || isCurrent(state)) {
      pacer.forget();
      return;
    }
    if (image.prepared.imageSize !== model.info.config.image_size) return;
    pacer.request({ image, masking, model: model.info });
  }

  /** A draft may stay while the ratio moves: it is about the seed, and the last good seed goes on making masks. */
  function putMask(history: History<MaskSettings>, keepDraft: boolean): void {
    const { settings: before, draft, masking } = get();
    const settings = { ...history.present, sample: before.sample };
    set({
      history,
      settings,
      draft: keepDraft ? draft : null,
      masking: maskFor(settings, masking.geometry),
      resultError: null,
    });
    follow();
  }
  const { setNoise, ...editor } = createMaskEditor({ get, put: putMask });

  /** Seed and generator are judged together: what one library takes the other may refuse. */
  function choose(seed: string, generator: Generator, typed = false): void {
    try {
      setNoise({ seed: normalizeSeed(seed), generator }, typed);
    } catch (error) {
      const { message } = toLensError(error, 'seed-invalid', 'This seed cannot be used.');
      set({ draft: { seed, generator, problem: message } });
    }
  }

  function tell(kind: 'error' | 'note', text: string, place: Place, model?: string): void {
    set({ notice: { key: ++keys, kind, text, place, ...(model === undefined ? {} : { model }) } });
  }

  /** Opens an image; resolves to it, or to null when it cannot be opened or a later one came first. */
  async function open(
    name: string,
    place: Place,
    fetchBlob: () => Promise<Blob>,
    sample: string | null,
  ): Promise<Image | null> {
    const opening = ++newestOpening;
    set({ opening: name, notice: null });
    try {
      const blob = await fetchBlob();
      const image: Image = { key: ++keys, name, blob, ...(await prepareForNow(blob)) };
      if (opening !== newestOpening) return null;
      set({
        image,
        opening: null,
        result: null,
        resultError: null,
        viewport: FIT,
        settings: { ...get().settings, sample },
      });
      follow();
      return image;
    } catch (error) {
      if (opening !== newestOpening) return null;
      set({ opening: null });
      const failure = toLensError(error, 'image-broken', `“${name}” could not be opened.`);
      if (failure.code !== 'cancelled') tell('error', failure.message, place);
      return null;
    }
  }

  /** Prepares an image for the model in use, even if that becomes another one meanwhile. */
  async function prepareForNow(blob: Blob): Promise<Pick<Image, 'prepared' | 'preparedWith'>> {
    for (;;) {
      const preparedWith = get().model.info;
      const prepared = await engine.prepare(blob, get().masking.geometry.image_size);
      const { info } = get().model;
      if (info === null || fits({ prepared, preparedWith }, info)) return { prepared, preparedWith };
    }
  }

  function setModel(change: Partial<LensState['model']>): void {
    set((state) => ({ model: { ...state.model, ...change } }));
  }

  /** Puts a loaded model to work, in one step with the image as that model takes it. */
  async function use(info: ModelInfo, source: ModelSource, stillWanted: () => boolean): Promise<void> {
    const { image_size, patch_size } = info.config;
    let { image } = get();
    while (image !== null && !fits(image, info)) {
      const prepared = await engine.prepare(image.blob, image_size);
      if (!stillWanted()) return;
      const now: Image | null = get().image;
      image = now?.key === image.key ? { ...now, prepared, preparedWith: info } : now;
    }
    const { settings, masking, result, model } = get();
    const { geometry } = masking;
    const same = geometry.image_size === image_size && geometry.patch_size === patch_size;
    // Painted patches belong to the grid that they were painted on.
    const fresh = same ? null : { ...settings, painted: NOTHING_PAINTED };
    editor.endStep();
    set({
      model: { ...model, info, inUse: source, failure: null, phase: { phase: 'ready', info } },
      image,
      ...(fresh === null
        ? {}
        : {
            settings: fresh,
            history: startHistory(maskSettings(fresh)),
            masking: maskFor(fresh, { image_size, patch_size }),
            patch: null,
          }),
      result: same ? result : null,
      resultError: null,
    });
    follow();
  }

  function showPrecomputed(image: Image, ahead: Precomputed): void {
    const state = get();
    const { geometry } = state.masking;
    const usable =
      state.image?.key === image.key &&
      state.result === null &&
      state.model.info === null &&
      ahead.geometry.image_size === geometry.image_size &&
      ahead.geometry.patch_size === geometry.patch_size;
    if (!usable) return;
    set({
      result: {
        imageKey: image.key,
        masking: maskFor({ ...DEFAULT_SETTINGS, ...ahead.settings }, geometry),
        reconstruction: ahead.reconstruction,
        loss: ahead.loss,
        patchErrors: null,
        timing: null,
        modelName: ahead.modelName,
        model: null,
      },
    });
  }

  function setView(change: Partial<LensState['view']>): void {
    set((state) => ({ view: { ...state.view, ...change } }));
  }

  const agreement = createAgreementKeeper({
    engine,
    storage,
    get,
    set: (change) => set((state) => ({ agreement: { ...state.agreement, ...change } })),
  });
  const loader = createModelLoader({
    engine,
    home: options.source,
    get: () => get().model,
    set: setModel,
    knownAgreement: agreement.knownAgreement,
    use,
  });
  const models = createModels({
    storage: options.models,
    bundled: options.source,
    load: loader.load,
    preferences: storage,
    secure: options.secure,
  });
  const modelExport = createModelExport({
    exporter: options.exporter,
    download: options.download,
    inUse() {
      const { info, inUse } = get().model;
      return info === null || inUse === null ? null : { info, source: inUse };
    },
    onEnd(outcome) {
      // The list has it where it was asked for.
      if (models.store.getState().open) return;
      if (outcome instanceof LensError) tell('error', outcome.message, 'tools');
      else tell('note', `The model was saved as ${outcome.fileName}.`, 'tools');
    },
  });
  followInterpolation(store, engine);
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

  const lens: Lens = {
    store,
    models,
    modelExport,
    runs: createRuns({ engine, lens: store, liveRuns: pacer.working }),
    ...editor,
    endStep() {
      editor.endStep();
      pacer.rest();
    },
    start(sample) {
      void options.exporter.tidy();
      set((state) => ({ history: startHistory(maskSettings(state.settings)) }));
      const first = samples.find(({ id }) => id === sample) ?? samples[0];
      const opened = first === undefined ? Promise.resolve() : lens.openSample(first.id);
      const load = (): void => {
        // The visitor may have asked for one meanwhile.
        if (get().model.phase.phase === 'idle') loader.load(get().model.source);
      };
      if (options.beforeModel === undefined) load();
      else void options.beforeModel(opened).then(load);
    },
    setSeed(text) {
      choose(text, get().draft?.generator ?? get().settings.generator, true);
    },
    newSeed() {
      const { settings, draft } = get();
      let seed = settings.seed;
      while (seed === settings.seed) seed = String(Math.floor(options.random() * NEW_SEEDS));
      choose(seed, draft?.generator ?? settings.generator);
    },
    setGenerator(generator) {
      choose(get().draft?.seed ?? get().settings.seed, generator);
    },
    async openSample(id) {
      const sample = samples.find((candidate) => candidate.id === id);
      if (sample === undefined) return;
      const ahead =
        get().model.info === null
          ? options.fetchPrecomputed(sample).catch(() => null)
          : Promise.resolve(null);
      const image = await open(sample.title, 'samples', () => options.fetchSample(sample), id);
      const precomputed = await ahead;
      if (image !== null && precomputed !== null) showPrecomputed(image, precomputed);
    },
    async openFiles(files, place) {
      const [first] = files;
      if (first === undefined) return;
      const image = await open(first.name, place, () => Promise.resolve(first), null);
      if (image !== null && files.length > 1) {
        tell(
          'note',
          `${files.length} files came at once. This is the first, “${first.name}”: one image at a time.`,
          place,
        );
      }
    },
    tell,
    dismissNotice() {
      set({ notice: null });
    },
    dismissRunFailure() {
      set({ resultError: null });
    },
    setDevice(device) {
      if (device === get().model.wantedDevice && get().model.phase.phase !== 'failed') return;
      writePreference(storage, 'device', device);
      setModel({ wantedDevice: device });
      loader.load(get().model.source);
    },
    setDtype(dtype) {
      const { model } = get();
      if (dtype === model.wantedDtype && model.phase.phase !== 'failed') return;
      writePreference(storage, 'dtype', dtype);
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
    retry() {
      const { model } = get();
      set({ resultError: null, interpolationFailure: null });
      if (model.failure !== null) loader.load(model.failure.source);
      else if (model.phase.phase === 'failed' || model.info === null) loader.load(model.source);
      else follow();
    },
    togglePatchGrid() {
      setView({ patchGrid: !get().view.patchGrid });
    },
    toggleOrder() {
      setView({ order: !get().view.order });
    },
    toggleErrors() {
      setView({ errors: !get().view.errors });
    },
    toggleInterpolation() {
      set(({ view }) => ({
        view: { ...view, interpolation: !view.interpolation },
        interpolationFailure: null,
      }));
    },
    setViewport(viewport) {
      if (viewport !== get().viewport) set({ viewport });
    },
    setTool(tool) {
      setView({ tool });
    },
    pointAt(patch) {
      if (patch !== get().patch) set({ patch });
    },
    setDialog(dialog) {
      setView({ dialog });
    },
    setLinked({ view, frame, model }) {
      const { source } = get().model;
      set({ frame, linkedModel: model === null ? null : { name: model, insteadOf: source } });
      setView({
        patchGrid: view.includes('grid'),
        order: view.includes('order'),
        errors: view.includes('errors'),
        interpolation: view.includes('interpolation'),
      });
    },
    setTheme(theme) {
      writePreference(storage, 'theme', theme);
      setView({ theme });
    },
    setHelp(help) {
      setView({ help });
    },
    setShortcuts(shortcuts) {
      writePreference(storage, 'shortcuts', shortcuts ? 'on' : 'off');
      setView({ shortcuts });
    },
  };
  return lens;
}

/** Whether an image was prepared for what this model takes. */
function fits(
  { prepared, preparedWith }: Pick<Image, 'prepared' | 'preparedWith'>,
  info: ModelInfo,
): boolean {
  return (
    prepared.imageSize === info.config.image_size &&
    preparedWith !== null &&
    (preparedWith === info || JSON.stringify(preparedWith.preprocessor) === JSON.stringify(info.preprocessor))
  );
}

/** Gets a sample over the network. */
export async function fetchSample(sample: Sample, baseUrl: string): Promise<Blob> {
  const answer = await fetch(new URL(sample.file, baseUrl)).catch((cause: unknown) => {
    throw new LensError('network', `“${sample.title}” could not be fetched. Are you online?`, { cause });
  });
  if (!answer.ok) {
    throw new LensError('network', `“${sample.title}” could not be fetched (status ${answer.status}).`);
  }
  return answer.blob();
}
