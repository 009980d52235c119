/** From a key press to an action. */
import type { Lens } from '../store/lens.ts';
import type { Action, ActionContext } from './action.ts';

/**
 * Listens on the window until the returned function is called.
 * @param isSuspended whether keys do nothing now; single ones can be turned off alone
 */
export function listenForShortcuts(
  actions: readonly Action[],
  context: ActionContext,
  isSuspended: (single: boolean) => boolean,
): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.altKey || event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
    const keys = keysOf(event);
    if (isSuspended(!keys.startsWith('Mod+'))) return;
    const action = findAction(actions, keys, context.lens);
    if (action === undefined) return;
    event.preventDefault();
    action.perform(context);
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}

function findAction(actions: readonly Action[], keys: string, lens: Lens): Action | undefined {
  const state = lens.store.getState();
  return actions.find(
    (action) =>
      action.native !== true && action.keys?.includes(keys) === true && action.enabled?.(state) !== false,
  );
}

/** As actions name them. Shift is part of some characters, so it counts with Ctrl or Command alone. */
function keysOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const plain = key.length === 1 ? key.toLowerCase() : key;
  return ctrlKey || metaKey ? `Mod+${shiftKey ? 'Shift+' : ''}${plain}` : plain;
}

/** Where letters are text. Sliders, radios and check boxes take no letters. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['range', 'radio', 'checkbox', 'file'].includes(target.type);
}
