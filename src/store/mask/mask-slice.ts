import type { StoreApi } from 'zustand/vanilla';
import { toLensError } from '../../base/errors.ts';
import type { LensState } from '../state.ts';
import { createMaskEditor, type MaskEditor } from './mask-editor.ts';
import { maskOfHistory } from './mask-state.ts';
import { type Generator, type MaskSettings, normalizeSeed } from './settings.ts';
import type { History } from './undo.ts';

export interface MaskActions extends MaskEditor {
  /** Takes what was typed; what no mask can be made of becomes the draft, with its problem. */
  setSeed(text: string): void;
  newSeed(): void;
  setGenerator(generator: Generator): void;
}

interface MaskSliceOptions {
  readonly store: StoreApi<LensState>;
  /** In [0, 1), for new seeds. */
  readonly random: () => number;
  /** Called when the hand rests. */
  readonly onRest: () => void;
}

/** New seeds are below this: short enough to be read out, and good for both libraries. */
const NEW_SEEDS = 10_000;

export function createMaskSlice({ store, random, onRest }: MaskSliceOptions): MaskActions {
  const { getState: get, setState: set } = store;

  /** A draft may stay while the ratio moves: it is about the seed, and the last good seed goes on making masks. */
  function putMask(history: History<MaskSettings>, keepDraft: boolean): void {
    const state = get();
    set({
      ...maskOfHistory(history, state),
      draft: keepDraft ? state.draft : null,
      resultError: null,
    });
  }
  const { setNoise, ...editor } = createMaskEditor({ get, put: putMask });

  /** Seed and generator are judged together: what one library takes the other may refuse. */
  function choose(seed: string, generator: Generator, typed = false): void {
    try {
      setNoise({ seed: normalizeSeed(seed), generator }, typed);
    } catch (error) {
      set({ draft: { seed, generator, problem: toLensError(error, 'seed-invalid/unusable') } });
    }
  }

  return {
    ...editor,
    endStep() {
      editor.endStep();
      onRest();
    },
    setSeed(text) {
      choose(text, get().draft?.generator ?? get().settings.generator, true);
    },
    newSeed() {
      const { settings, draft } = get();
      let seed = settings.seed;
      while (seed === settings.seed) seed = String(Math.floor(random() * NEW_SEEDS));
      choose(seed, draft?.generator ?? settings.generator);
    },
    setGenerator(generator) {
      choose(get().draft?.seed ?? get().settings.seed, generator);
    },
  };
}
