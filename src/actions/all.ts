/** Everything that a person can do, in the order in which the help dialog lists it. */
import {
  CircleQuestionMark,
  ClipboardPaste,
  Dices,
  FileDown,
  Grid3x3,
  ImageIcon,
  ImagePlus,
  Layers,
  Minus,
  Plus,
  RotateCw,
  Shuffle,
  SunMoon,
} from 'lucide-react';
import { findStrategy } from '../mae/strategies/strategies.ts';
import type { Sample } from '../store/image/samples.ts';
import type { Theme } from '../store/preferences.ts';
import type { LensState } from '../store/state.ts';
import type { Action, ActionContext, PageAction, SampleAction } from './action.ts';
import { maskActions } from './masks.ts';
import { showSweep } from './sweep.ts';
import { viewActions } from './view.ts';

/** How far one key press moves the ratio. */
const RATIO_STEP = 0.05;

export const openImage: PageAction = {
  id: 'open-image',
  icon: ImagePlus,
  keys: ['o'],
  perform: ({ chooseFile }) => chooseFile(),
};

export const pasteImage: PageAction = {
  id: 'paste-image',
  icon: ClipboardPaste,
  native: true,
  perform: (context) => void pasteFromClipboard(context),
};

const maskMore: PageAction = {
  id: 'mask-more',
  icon: Plus,
  keys: [']'],
  enabled: usesRatio,
  perform: (context) => moveRatio(context, RATIO_STEP),
};

const maskLess: PageAction = {
  id: 'mask-less',
  icon: Minus,
  keys: ['['],
  enabled: usesRatio,
  perform: (context) => moveRatio(context, -RATIO_STEP),
};

export const newSeed: PageAction = {
  id: 'new-seed',
  icon: Dices,
  keys: ['s'],
  enabled: usesSeed,
  perform: ({ lens }) => lens.newSeed(),
};

const switchGenerator: PageAction = {
  id: 'switch-generator',
  icon: Shuffle,
  keys: ['r'],
  enabled: usesSeed,
  perform: ({ lens }) => {
    const { draft, settings } = lens.store.getState();
    lens.setGenerator((draft ?? settings).generator === 'torch' ? 'numpy' : 'torch');
  },
};

export const patchGrid: PageAction = {
  id: 'patch-grid',
  icon: Grid3x3,
  keys: ['g'],
  perform: ({ lens }) => lens.togglePatchGrid(),
};

export const chooseModel: PageAction = {
  id: 'choose-model',
  icon: Layers,
  keys: ['m'],
  perform: ({ lens }) => lens.models.setOpen(true),
};

export const saveAsOnnx: PageAction = {
  id: 'save-as-onnx',
  icon: FileDown,
  enabled: ({ model }) => model.info !== null,
  perform({ lens }) {
    lens.models.setOpen(true);
    lens.modelExport.open();
  },
};

export const retry: PageAction = {
  id: 'retry',
  icon: RotateCw,
  keys: ['l'],
  enabled: ({ model, resultError, interpolationFailure }) =>
    model.failure !== null ||
    model.phase.phase === 'failed' ||
    resultError !== null ||
    interpolationFailure !== null,
  perform: ({ lens }) => lens.retry(),
};

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export const switchTheme: PageAction = {
  id: 'switch-theme',
  icon: SunMoon,
  keys: ['t'],
  perform: ({ lens }) => lens.setTheme(NEXT_THEME[lens.store.getState().view.theme]),
};

export const openHelp: PageAction = {
  id: 'open-help',
  icon: CircleQuestionMark,
  keys: ['?'],
  perform: ({ lens }) => lens.setHelp(true),
};

/** One action for each sample image; the first nine have a digit. */
export function openSample(sample: Sample, index: number): SampleAction {
  return {
    id: `open-sample-${sample.id}`,
    sample,
    icon: ImageIcon,
    ...(index < 9 ? { keys: [String(index + 1)] } : {}),
    perform: ({ lens }) => void lens.openSample(sample.id),
  };
}

export function allActions(samples: readonly Sample[]): readonly Action[] {
  return [
    openImage,
    pasteImage,
    ...samples.map(openSample),
    maskMore,
    maskLess,
    newSeed,
    switchGenerator,
    patchGrid,
    ...maskActions,
    ...viewActions,
    showSweep,
    chooseModel,
    saveAsOnnx,
    retry,
    switchTheme,
    openHelp,
  ];
}

function usesRatio({ settings }: LensState): boolean {
  return findStrategy(settings.strategy)?.usesRatio === true;
}

function usesSeed({ settings }: LensState): boolean {
  return findStrategy(settings.strategy)?.usesSeed === true;
}

function moveRatio({ lens }: ActionContext, step: number): void {
  const percent = Math.round((lens.store.getState().settings.ratio + step) * 100);
  lens.setRatio(Math.min(100, Math.max(0, percent)) / 100);
  lens.endStep();
}

async function pasteFromClipboard({ lens, words }: ActionContext): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((candidate) => candidate.startsWith('image/'));
      if (type === undefined) continue;
      const blob = await item.getType(type);
      await lens.openFiles([new File([blob], words.page.images.pasted, { type })], 'samples');
      return;
    }
    lens.tell('error', { key: 'clipboard-without-image' }, 'samples');
  } catch {
    lens.tell('error', { key: 'clipboard-refused' }, 'samples');
  }
}
