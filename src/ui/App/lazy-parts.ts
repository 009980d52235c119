/** All that is loaded after the first image, so that opening it later takes no time. */
import type { Lens } from '../../store/lens.ts';
import type { LensState } from '../../store/state.ts';
import { strategyChoices } from '../Controls/StrategyControl.tsx';
import { dropZone } from '../Drop/DropLayer.tsx';
import { deviceMenu } from '../Header/DeviceButton.tsx';
import { modelsPopup } from '../Header/ModelMenu.tsx';
import { saveMenu } from '../Save/SaveButton.tsx';
import { sweepPanel } from '../Sweep/SweepDock.tsx';
import { tipPopup } from '../Tip/Tip.tsx';
import { compareDialog, help, pythonDialog } from './Dialogs.tsx';

/** In the order in which a visitor is likely to need them. */
const LAZY_PARTS: readonly { readonly load: () => Promise<unknown> }[] = [
  tipPopup,
  dropZone,
  strategyChoices,
  modelsPopup,
  deviceMenu,
  saveMenu,
  help,
  pythonDialog,
  compareDialog,
  sweepPanel,
];

/** How long a browser that is never idle may put off the next part. */
const PATIENCE_MS = 2000;

/**
 * Loads them one after another when the page's first model begins to load, which waits for the first image; until
 * the returned function is called.
 */
export function loadLazyPartsWhenIdle({ store }: Lens): () => void {
  let stopped = false;
  let begun = false;
  const begin = ({ model }: LensState): void => {
    if (begun || model.phase.phase === 'idle') return;
    begun = true;
    void loadOneAfterAnother(() => stopped);
  };
  const unsubscribe = store.subscribe(begin);
  begin(store.getState());
  return () => {
    stopped = true;
    unsubscribe();
  };
}

async function loadOneAfterAnother(isStopped: () => boolean): Promise<void> {
  for (const lazyPart of LAZY_PARTS) {
    await idle();
    if (isStopped()) return;
    // It is loaded again, and its failure told, when it is wanted.
    await lazyPart.load().catch(() => undefined);
  }
}

/** Loads all at once. */
export async function loadLazyParts(): Promise<void> {
  await Promise.all(LAZY_PARTS.map((lazyPart) => lazyPart.load()));
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no such call.
    if (typeof requestIdleCallback === 'undefined') setTimeout(resolve, 100);
    else requestIdleCallback(() => resolve(), { timeout: PATIENCE_MS });
  });
}
