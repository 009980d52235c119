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
import type { PageAction } from './action.ts';

export const undoMask: PageAction = {
  id: 'undo',
  icon: Undo2,
  keys: ['Mod+z'],
  enabled: ({ history }) => history.past.length > 0,
  perform: ({ lens }) => lens.undo(),
};

export const redoMask: PageAction = {
  id: 'redo',
  icon: Redo2,
  keys: ['Mod+Shift+z', 'Mod+y'],
  enabled: ({ history }) => history.future.length > 0,
  perform: ({ lens }) => lens.redo(),
};

export const invertMask: PageAction = {
  id: 'invert-mask',
  icon: Contrast,
  keys: ['i'],
  perform: ({ lens }) => lens.invertMask(),
};

export const maskAll: PageAction = {
  id: 'mask-all',
  icon: EyeOff,
  perform: ({ lens }) => lens.paintEverything('masked'),
};

export const keepAll: PageAction = {
  id: 'keep-all',
  icon: Eye,
  perform: ({ lens }) => lens.paintEverything('kept'),
};

export const clearPaint: PageAction = {
  id: 'clear-paint',
  icon: Eraser,
  keys: ['x'],
  enabled: ({ settings }) => settings.painted.size > 0,
  perform: ({ lens }) => lens.clearPaint(),
};

export const showOrder: PageAction = {
  id: 'show-order',
  icon: Hash,
  keys: ['n'],
  perform: ({ lens }) => lens.toggleOrder(),
};

export const showErrors: PageAction = {
  id: 'show-errors',
  icon: Flame,
  keys: ['e'],
  perform: ({ lens }) => lens.toggleErrors(),
};

export const compare: PageAction = {
  id: 'compare',
  icon: SquareSplitHorizontal,
  keys: ['c'],
  enabled: ({ image }) => image !== null,
  perform: ({ lens }) => lens.setDialog('compare'),
};

export const copyLink: PageAction = {
  id: 'copy-link',
  icon: Link2,
  keys: ['k'],
  perform: ({ lens }) => void copyTheLink(lens),
};

export const showPython: PageAction = {
  id: 'show-python',
  icon: Code,
  keys: ['p'],
  perform: ({ lens }) => lens.setDialog('python'),
};

export const maskActions: readonly PageAction[] = [
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
