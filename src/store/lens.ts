/**
 * The page's heart: state, and the few methods that change it. Masks follow the settings in the same call; the
 * engine follows as fast as it can. No globals, so that tests can have many.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { LensError, toLensError } from '../mae/errors.ts';
import type { DeviceChoice, Engine, ModelInfo, ModelSource, Reconstruction } from '../runtime/engine.ts';
import { DEFAULT_GEOMETRY, type Masking, maskFor } from './masking.ts';
import type { Precomputed } from './precomputed.ts';
import { type PreferenceStorage, readPreferences, writePreference } from './preferences.ts';
import { createRunner } from './runner.ts';
import type { Sample } from './samples.ts';
import { DEFAULT_SETTINGS, type Generator, normalizeSeed, type Settings } from './settings.ts';
import { isCurrent, type LensState, type Picture, type Place, type Theme } from './state.ts';

export interface LensOptions {
  readonly engine: Engine;
  readonly source: ModelSource;
  readonly samples: readonly Sample[];
  /** The sample's bytes. */
  readonly fetchSample: (sample: Sample) => Promise<Blob>;
  /** The sample's result computed ahead, or null. */
  readonly fetchPrecomputed: (sample: Sample) => Promise<Precomputed | null>;
  readonly storage: PreferenceStorage | null;
  /** In [0, 1), for new seeds. */
  readonly random: () => number;
}

export interface Lens {
  readonly store: StoreApi<LensState>;
  /** Loads the model and opens the first sample. */
  start(): void;
  setRatio(ratio: number): void;
  /** Takes what was typed; what no mask can be made of becomes the draft, with its problem. */
  setSeed(text: string): void;
  newSeed(): void;
  setGenerator(generator: Generator): void;
  openSample(id: string): Promise<void>;
  /** Opens the first of the files; `place` is where the visitor gave them. */
  openFiles(files: readonly File[], place: Place): Promise<void>;
  tell(kind: 'error' | 'note', text: string, place: Place): void;
  dismissNotice(): void;
  dismissRunFailure(): void;
  setDevice(device: DeviceChoice): void;
  /** Tries again what failed: the model, or the last run. */
  retry(): void;
  togglePatchGrid(): void;
  setTheme(theme: Theme): void;
  setHelp(open: boolean): void;
  setShortcuts(on: boolean): void;
}

interface Job {
  readonly picture: Picture;
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
    draft: null,
    masking: maskFor(DEFAULT_SETTINGS, DEFAULT_GEOMETRY),
    samples,
    picture: null,
    opening: null,
    notice: null,
    model: {
      source: options.source,
      wantedDevice: preferences.device,
      phase: { phase: 'idle' },
      info: null,
    },
    result: null,
    resultError: null,
    view: { patchGrid: false, theme: preferences.theme, help: false, shortcuts: preferences.shortcuts },
  }));
  const get = store.getState;
  const set = store.setState;
  let keys = 0;
  let newestOpening = 0;
  let newestLoad = 0;

  const runner = createRunner<Job, Reconstruction>(
    ({ picture, masking }) => engine.reconstruct(picture.prepared.id, masking),
    (job, answer) => {
      if (!belongsToNow(job)) return follow();
      // A late answer may fill a gap or show progress, but never replaces the right one.
      if (isCurrent(get()) && job.masking !== get().masking) return;
      set({
        resultError: null,
        result: {
          pictureKey: job.picture.key,
          masking: job.masking,
          reconstruction: answer.reconstruction,
          loss: answer.loss,
          timing: { encoderMs: answer.encoderMs, decoderMs: answer.decoderMs },
          modelName: job.model.name,
          model: job.model,
        },
      });
    },
    (job, error) => {
      const failure = toLensError(error, 'engine-failed', 'The picture could not be reconstructed.');
      if (failure.code === 'cancelled') return;
      if (!belongsToNow(job)) return follow();
      if (job.masking === get().masking) set({ resultError: failure });
    },
  );

  /** Whether a job's picture and model are still the ones in use; its mask may be an older one. */
  function belongsToNow(job: Job): boolean {
    const { picture, model } = get();
    return job.picture.prepared === picture?.prepared && job.model === model.info;
  }

  /** Asks the engine for what the state now calls for. */
  function follow(): void {
    const state = get();
    const { picture, masking, model } = state;
    if (picture === null || model.info === null || isCurrent(state)) {
      runner.forget();
      return;
    }
    if (picture.prepared.imageSize !== model.info.config.image_size) return;
    runner.request({ picture, masking, model: model.info });
  }

  function changeSettings(settings: Settings): void {
    set({ settings, draft: null, masking: maskFor(settings, get().masking.geometry), resultError: null });
    follow();
  }

  /** Seed and generator are judged together: what one library takes the other may refuse. */
  function choose(seed: string, generator: Generator): void {
    try {
      changeSettings({ ...get().settings, seed: normalizeSeed(seed), generator });
    } catch (error) {
      const { message } = toLensError(error, 'seed-invalid', 'This seed cannot be used.');
      set({ draft: { seed, generator, problem: message } });
    }
  }

  function tell(kind: 'error' | 'note', text: string, place: Place): void {
    set({ notice: { key: ++keys, kind, text, place } });
  }

  /** Opens a picture; resolves to it, or to null when it cannot be opened or a later one came first. */
  async function open(
    name: string,
    place: Place,
    fetchBlob: () => Promise<Blob>,
    sample: string | null,
  ): Promise<Picture | null> {
    const opening = ++newestOpening;
    set({ opening: name, notice: null });
    try {
      const blob = await fetchBlob();
      const picture: Picture = { key: ++keys, name, blob, ...(await prepareForNow(blob)) };
      if (opening !== newestOpening) return null;
      set({
        picture,
        opening: null,
        result: null,
        resultError: null,
        settings: { ...get().settings, sample },
      });
      follow();
      return picture;
    } catch (error) {
      if (opening !== newestOpening) return null;
      set({ opening: null });
      const failure = toLensError(error, 'picture-broken', `“${name}” could not be opened.`);
      if (failure.code !== 'cancelled') tell('error', failure.message, place);
      return null;
    }
  }

  /** Prepares a picture for the model in use, even if that becomes another one meanwhile. */
  async function prepareForNow(blob: Blob): Promise<Pick<Picture, 'prepared' | 'preparedWith'>> {
    for (;;) {
      const preparedWith = get().model.info;
      const prepared = await engine.prepare(blob, get().masking.geometry.image_size);
      const { info } = get().model;
      if (info === null || fits({ prepared, preparedWith }, info)) return { prepared, preparedWith };
    }
  }

  function load(): void {
    const { source, wantedDevice } = get().model;
    const mine = ++newestLoad;
    const stillNewest = () => mine === newestLoad;
    setModel({ phase: { phase: 'loading', file: '', loadedBytes: 0, totalBytes: null } });
    engine
      .load(source, { device: wantedDevice }, (phase) => {
        if (!stillNewest()) return;
        // Comes again when the engine had to recover, perhaps on another device.
        if (phase.phase === 'ready') use(phase.info, stillNewest).catch(fail);
        else setModel({ phase });
      })
      .catch(fail);

    function fail(error: unknown): void {
      if (!stillNewest()) return;
      const failure = toLensError(error, 'engine-failed', 'The model could not be loaded.');
      if (failure.code !== 'cancelled') setModel({ phase: { phase: 'failed', error: failure } });
    }
  }

  function setModel(change: Partial<LensState['model']>): void {
    set((state) => ({ model: { ...state.model, ...change } }));
  }

  /** Puts a loaded model to work, in one step with the picture as that model takes it. */
  async function use(info: ModelInfo, stillNewest: () => boolean): Promise<void> {
    const { image_size, patch_size } = info.config;
    let { picture } = get();
    while (picture !== null && !fits(picture, info)) {
      const prepared = await engine.prepare(picture.blob, image_size);
      if (!stillNewest()) return;
      const now: Picture | null = get().picture;
      picture = now?.key === picture.key ? { ...now, prepared, preparedWith: info } : now;
    }
    const { settings, masking, result, model } = get();
    const { geometry } = masking;
    const same = geometry.image_size === image_size && geometry.patch_size === patch_size;
    set({
      model: { ...model, info, phase: { phase: 'ready', info } },
      picture,
      masking: same ? masking : maskFor(settings, { image_size, patch_size }),
      result: same ? result : null,
      resultError: null,
    });
    follow();
  }

  function showPrecomputed(picture: Picture, ahead: Precomputed): void {
    const state = get();
    const { geometry } = state.masking;
    const usable =
      state.picture?.key === picture.key &&
      state.result === null &&
      state.model.info === null &&
      ahead.geometry.image_size === geometry.image_size &&
      ahead.geometry.patch_size === geometry.patch_size;
    if (!usable) return;
    set({
      result: {
        pictureKey: picture.key,
        masking: maskFor(ahead.settings, geometry),
        reconstruction: ahead.reconstruction,
        loss: ahead.loss,
        timing: null,
        modelName: ahead.modelName,
        model: null,
      },
    });
  }

  const lens: Lens = {
    store,
    start() {
      load();
      const first = samples[0];
      if (first !== undefined) void lens.openSample(first.id);
    },
    setRatio(ratio) {
      const { settings, masking } = get();
      const next = { ...settings, ratio };
      // A draft stays: it is about the seed, and the last good seed goes on making masks.
      set({ settings: next, masking: maskFor(next, masking.geometry), resultError: null });
      follow();
    },
    setSeed(text) {
      choose(text, get().draft?.generator ?? get().settings.generator);
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
      const picture = await open(sample.title, 'samples', () => options.fetchSample(sample), id);
      const precomputed = await ahead;
      if (picture !== null && precomputed !== null) showPrecomputed(picture, precomputed);
    },
    async openFiles(files, place) {
      const [first] = files;
      if (first === undefined) return;
      const picture = await open(first.name, place, () => Promise.resolve(first), null);
      if (picture !== null && files.length > 1) {
        tell(
          'note',
          `${files.length} files came at once. This is the first, “${first.name}”: one picture at a time.`,
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
      load();
    },
    retry() {
      const { model } = get();
      set({ resultError: null });
      if (model.phase.phase === 'failed' || model.info === null) load();
      else follow();
    },
    togglePatchGrid() {
      set((state) => ({ view: { ...state.view, patchGrid: !state.view.patchGrid } }));
    },
    setTheme(theme) {
      writePreference(storage, 'theme', theme);
      set((state) => ({ view: { ...state.view, theme } }));
    },
    setHelp(help) {
      set((state) => ({ view: { ...state.view, help } }));
    },
    setShortcuts(shortcuts) {
      writePreference(storage, 'shortcuts', shortcuts ? 'on' : 'off');
      set((state) => ({ view: { ...state.view, shortcuts } }));
    },
  };
  return lens;
}

/** Whether a picture was prepared for what this model takes. */
function fits(
  { prepared, preparedWith }: Pick<Picture, 'prepared' | 'preparedWith'>,
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
