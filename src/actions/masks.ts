/** What a person can do with the mask, with what is shown of it, and with its link. */
import {
  Code,
  Contrast,
  Eraser,
  Eye,
  EyeOff,
  Flame,
  Hash,
  Link2,
  Redo2,
  SquareSplitHorizontal,
  Undo2,
} from 'lucide-react';
import type { Lens } from '../store/lens.ts';
import { linkAddress } from '../store/link/address.ts';
import type { Action } from './action.ts';

export const undoMask: Action = {
  id: 'undo',
  label: 'Undo',
  explanation: 'Takes back the last change of the mask: paint, ratio, seed or strategy.',
  icon: Undo2,
  keys: ['Mod+z'],
  enabled: ({ history }) => history.past.length > 0,
  perform: ({ lens }) => lens.undo(),
};

export const redoMask: Action = {
  id: 'redo',
  label: 'Redo',
  explanation: 'Does again what was taken back.',
  icon: Redo2,
  keys: ['Mod+Shift+z', 'Mod+y'],
  enabled: ({ history }) => history.future.length > 0,
  perform: ({ lens }) => lens.redo(),
};

export const invertMask: Action = {
  id: 'invert-mask',
  label: 'Invert the mask',
  explanation: 'Hides what was visible, and reveals what was hidden.',
  icon: Contrast,
  keys: ['i'],
  perform: ({ lens }) => lens.invertMask(),
};

export const hideAll: Action = {
  id: 'hide-all',
  label: 'Hide all patches',
  explanation: 'Hides everything, so that you can reveal patch by patch.',
  icon: EyeOff,
  perform: ({ lens }) => lens.paintEverything('hidden'),
};

export const showAll: Action = {
  id: 'show-all',
  label: 'Reveal all patches',
  explanation: 'Reveals everything, so that you can hide patch by patch.',
  icon: Eye,
  perform: ({ lens }) => lens.paintEverything('visible'),
};

export const clearPaint: Action = {
  id: 'clear-paint',
  label: 'Take the paint off',
  explanation: 'Goes back to the mask of strategy, ratio and seed, as it was without your painting.',
  icon: Eraser,
  keys: ['x'],
  enabled: ({ settings }) => settings.painted.size > 0,
  perform: ({ lens }) => lens.clearPaint(),
};

export const showOrder: Action = {
  id: 'show-order',
  label: 'Number the patches',
  explanation:
    'Writes each patch’s place in the shuffled order on it (ids_restore). Bold ones are kept: the encoder gets them in this order (ids_keep).',
  icon: Hash,
  keys: ['n'],
  perform: ({ lens }) => lens.toggleOrder(),
};

export const showErrors: Action = {
  id: 'show-errors',
  label: 'Error per patch',
  explanation: 'Colours each painted patch in the last panel by how far it is from the original.',
  icon: Flame,
  keys: ['e'],
  perform: ({ lens }) => lens.toggleErrors(),
};

export const compare: Action = {
  id: 'compare',
  label: 'Compare',
  explanation: 'Two panels in one, large, with a slider between them.',
  icon: SquareSplitHorizontal,
  keys: ['c'],
  enabled: ({ image }) => image !== null,
  perform: ({ lens }) => lens.setDialog('compare'),
};

export const copyLink: Action = {
  id: 'copy-link',
  label: 'Copy the link',
  explanation: 'A link that opens this page with this very mask. Images of your own never go into it.',
  icon: Link2,
  keys: ['k'],
  perform: ({ lens }) => void copyTheLink(lens),
};

export const showPython: Action = {
  id: 'show-python',
  label: 'Python',
  explanation: 'The same with transformers in Python: a script to copy.',
  icon: Code,
  keys: ['p'],
  perform: ({ lens }) => lens.setDialog('python'),
};

export const maskActions: readonly Action[] = [
  undoMask,
  redoMask,
  invertMask,
  clearPaint,
  showOrder,
  showErrors,
  compare,
  copyLink,
  showPython,
];

async function copyTheLink(lens: Lens): Promise<void> {
  const state = lens.store.getState();
  try {
    await navigator.clipboard.writeText(linkAddress(state, window.location.href));
    const own = state.image !== null && state.settings.sample === null;
    lens.tell('note', { key: own ? 'link-copied-without-image' : 'link-copied' }, 'tools');
  } catch {
    lens.tell('error', { key: 'copying-link-refused' }, 'tools');
  }
}
