/** Everything that a person can do, in the order in which the help sheet lists it. */
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
import type { Action, ActionContext } from './action.ts';
import { maskActions } from './masks.ts';
import { showRuns } from './runs.ts';
import { viewActions } from './view.ts';

/** How far one key press moves the ratio. */
const RATIO_STEP = 0.05;

export const openImage: Action = {
  id: 'open-image',
  label: 'Choose an image',
  explanation: 'Opens an image from this device. It stays here: nothing is uploaded.',
  icon: ImagePlus,
  keys: ['o'],
  perform: ({ chooseFile }) => chooseFile(),
};

export const pasteImage: Action = {
  id: 'paste-image',
  label: 'Paste an image',
  explanation: 'Takes the image that was last copied.',
  icon: ClipboardPaste,
  native: true,
  perform: ({ lens }) => void pasteFromClipboard(lens),
};

const hideMore: Action = {
  id: 'hide-more',
  label: 'Hide more',
  explanation: 'Raises the mask ratio by 5 %.',
  icon: Plus,
  keys: [']'],
  enabled: usesRatio,
  perform: (context) => moveRatio(context, RATIO_STEP),
};

const hideLess: Action = {
  id: 'hide-less',
  label: 'Hide less',
  explanation: 'Lowers the mask ratio by 5 %.',
  icon: Minus,
  keys: ['['],
  enabled: usesRatio,
  perform: (context) => moveRatio(context, -RATIO_STEP),
};

export const newSeed: Action = {
  id: 'new-seed',
  label: 'New seed',
  explanation: 'Draws another seed, so that other patches are hidden.',
  icon: Dices,
  keys: ['s'],
  enabled: usesSeed,
  perform: ({ lens }) => lens.newSeed(),
};

const switchGenerator: Action = {
  id: 'switch-generator',
  label: 'Switch between PyTorch and NumPy',
  explanation: 'The same seed gives another mask in the other library; this page has both.',
  icon: Shuffle,
  keys: ['r'],
  enabled: usesSeed,
  perform: ({ lens }) => {
    const { draft, settings } = lens.store.getState();
    lens.setGenerator((draft ?? settings).generator === 'torch' ? 'numpy' : 'torch');
  },
};

export const patchGrid: Action = {
  id: 'patch-grid',
  label: 'Patch grid',
  explanation: 'Draws the borders of the patches: the squares that the model reads as its words.',
  icon: Grid3x3,
  keys: ['g'],
  perform: ({ lens }) => lens.togglePatchGrid(),
};

export const chooseModel: Action = {
  id: 'choose-model',
  label: 'Choose a model',
  explanation: 'The model in use, the official ones, and your own files.',
  icon: Layers,
  keys: ['m'],
  perform: ({ lens }) => lens.models.setOpen(true),
};

export const saveAsOnnx: Action = {
  id: 'save-as-onnx',
  label: 'Save as ONNX…',
  explanation: 'Takes the model in use along, in the format that other programs run.',
  icon: FileDown,
  enabled: ({ model }) => model.info !== null,
  perform({ lens }) {
    lens.models.setOpen(true);
    lens.modelExport.open();
  },
};

export const retry: Action = {
  id: 'retry',
  label: 'Try again',
  explanation: 'Loads the model again, or repeats the run that failed.',
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

export const switchTheme: Action = {
  id: 'switch-theme',
  label: 'Switch theme',
  explanation: 'Goes from the system’s theme to light, to dark, and back.',
  icon: SunMoon,
  keys: ['t'],
  perform: ({ lens }) => lens.setTheme(NEXT_THEME[lens.store.getState().view.theme]),
};

export const openHelp: Action = {
  id: 'open-help',
  label: 'Help',
  explanation: 'What this page shows, and all its shortcuts.',
  icon: CircleQuestionMark,
  keys: ['?'],
  perform: ({ lens }) => lens.setHelp(true),
};

/** One action for each sample image; the first nine have a digit. */
export function openSample(sample: Sample, index: number): Action {
  return {
    id: `open-sample-${sample.id}`,
    label: `Open the sample “${sample.title}”`,
    explanation: `Opens the sample image “${sample.title}”.`,
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
    hideMore,
    hideLess,
    newSeed,
    switchGenerator,
    patchGrid,
    ...maskActions,
    ...viewActions,
    showRuns,
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

async function pasteFromClipboard(lens: ActionContext['lens']): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((candidate) => candidate.startsWith('image/'));
      if (type === undefined) continue;
      const blob = await item.getType(type);
      await lens.openFiles([new File([blob], 'pasted image', { type })], 'samples');
      return;
    }
    lens.tell('error', { key: 'clipboard-without-image' }, 'samples');
  } catch {
    lens.tell('error', { key: 'clipboard-refused' }, 'samples');
  }
}
