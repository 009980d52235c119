/** All that is loaded after the first picture, so that opening it later takes no time. */
import type { Lens } from '../../store/lens.ts';
import { strategyChoices } from '../Controls/StrategyControl.tsx';
import { dropZone } from '../Drop/DropLayer.tsx';
import { deviceMenu } from '../Header/DeviceButton.tsx';
import { modelsPopup } from '../Header/ModelMenu.tsx';
import { saveMenu } from '../Save/SaveButton.tsx';
import { tipPopup } from '../Tip/Tip.tsx';
import { compareDialog, help, pythonDialog } from './Dialogs.tsx';

/** In the order in which a visitor is likely to need them. */
const PARTS: readonly { readonly load: () => Promise<unknown> }[] = [
  tipPopup,
  dropZone,
  strategyChoices,
  modelsPopup,
  deviceMenu,
  saveMenu,
  help,
  pythonDialog,
  compareDialog,
];

/** How long a browser that is never idle may put off the next part. */
const PATIENCE_MS = 2000;

/** Loads them one after another once a picture is on the stage, until the returned function is called. */
export function loadPartsWhenIdle(lens: Lens): () => void {
  let stopped = false;
  let unsubscribe = (): void => {};
  const begin = (): void => {
    unsubscribe();
    void (async () => {
      for (const part of PARTS) {
        await idle();
        if (stopped) return;
        // It is loaded again, and its failure told, when it is wanted.
        await part.load().catch(() => undefined);
      }
    })();
  };
  if (lens.store.getState().picture !== null) begin();
  else {
    unsubscribe = lens.store.subscribe(({ picture }) => {
      if (picture !== null) begin();
    });
  }
  return () => {
    stopped = true;
    unsubscribe();
  };
}

/** Loads all at once. */
export async function loadParts(): Promise<void> {
  await Promise.all(PARTS.map((part) => part.load()));
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no such call.
    if (typeof requestIdleCallback === 'undefined') setTimeout(resolve, 100);
    else requestIdleCallback(() => resolve(), { timeout: PATIENCE_MS });
  });
}
