import type { StoreApi } from 'zustand/vanilla';
import { toLensError } from '../../base/errors.ts';
import type { Engine } from '../../engine/engine.ts';
import type { NoticeActions } from '../notices/notice-slice.ts';
import type { Place } from '../notices/notice-state.ts';
import { type Precomputed, precomputedResult } from '../result/precomputed.ts';
import type { LensState } from '../state.ts';
import { fits, type Image } from './image-state.ts';
import type { Sample } from './samples.ts';
import { FIT, type Viewport } from './viewport.ts';

export interface ImageActions {
  openSample(id: string): Promise<void>;
  /** Opens the first of the files; `place` is where the visitor gave them. */
  openFiles(files: readonly File[], place: Place): Promise<void>;
  setViewport(viewport: Viewport): void;
  /** The patch under the pointer or in focus; null when it is none. */
  pointAt(patch: number | null): void;
}

interface ImageSliceOptions {
  readonly store: StoreApi<LensState>;
  readonly engine: Pick<Engine, 'prepare'>;
  readonly fetchSample: (sample: Sample) => Promise<Blob>;
  readonly fetchPrecomputed: (sample: Sample) => Promise<Precomputed | null>;
  readonly tell: NoticeActions['tell'];
}

export function createImageSlice(options: ImageSliceOptions): ImageActions {
  const { store, engine, tell } = options;
  const { getState: get, setState: set } = store;
  let key = 0;
  let newestOpening = 0;

  /** Opens an image; resolves to it, or to null when it cannot be opened or a later one came first. */
  async function open(
    name: string,
    place: Place,
    fetchBlob: () => Promise<Blob>,
    sample: string | null,
  ): Promise<Image | null> {
    const opening = ++newestOpening;
    set({ opening: name, wantedSample: sample, notice: null });
    try {
      const blob = await fetchBlob();
      const image: Image = { key: ++key, name, blob, ...(await prepareForNow(blob)) };
      if (opening !== newestOpening) return null;
      set({
        image,
        opening: null,
        wantedSample: null,
        result: null,
        resultError: null,
        viewport: FIT,
        settings: { ...get().settings, sample },
      });
      return image;
    } catch (error) {
      if (opening !== newestOpening) return null;
      set({ opening: null, wantedSample: null });
      const failure = toLensError(error, 'image-broken/open', { name });
      if (failure.code !== 'cancelled') tell('error', failure, place);
      return null;
    }
  }

  /** Prepares an image for the model in use, even if that becomes another one meanwhile. */
  async function prepareForNow(blob: Blob): Promise<Pick<Image, 'prepared' | 'preparedWith'>> {
    for (;;) {
      const preparedWith = get().model.info;
      const prepared = await engine.prepare(blob, get().masking.geometry);
      const { info } = get().model;
      if (info === null || fits({ prepared, preparedWith }, info)) return { prepared, preparedWith };
    }
  }

  return {
    async openSample(id) {
      const sample = get().samples.find((candidate) => candidate.id === id);
      if (sample === undefined) return;
      const ahead =
        get().model.info === null
          ? options.fetchPrecomputed(sample).catch(() => null)
          : Promise.resolve(null);
      const image = await open(sample.title, 'samples', () => options.fetchSample(sample), id);
      const precomputed = await ahead;
      if (image === null || precomputed === null) return;
      const result = precomputedResult(get(), image.key, precomputed);
      if (result !== null) set({ result });
    },
    async openFiles(files, place) {
      const [first] = files;
      if (first === undefined) return;
      const image = await open(first.name, place, () => Promise.resolve(first), null);
      if (image !== null && files.length > 1) {
        const params = { count: files.length, first: first.name };
        tell('note', { key: 'first-of-several-files', params }, place);
      }
    },
    setViewport(viewport) {
      if (viewport !== get().viewport) set({ viewport });
    },
    pointAt(patch) {
      if (patch !== get().patch) set({ patch });
    },
  };
}
