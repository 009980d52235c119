/** From a key press to an action. */
import type { Lens } from '../store/lens.ts';
import type { Action, ActionContext } from './action.ts';

/** Listens on the window until the returned function is called. */
export function listenForShortcuts(
  actions: readonly Action[],
  context: ActionContext,
  isSuspended: () => boolean,
): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (isSuspended() || !isPlain(event) || isTyping(event.target)) return;
    const action = findAction(actions, event.key, context.lens);
    if (action === undefined) return;
    event.preventDefault();
    action.perform(context);
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}

function findAction(actions: readonly Action[], key: string, lens: Lens): Action | undefined {
  const state = lens.store.getState();
  return actions.find(
    (action) =>
      action.native !== true &&
      action.keys?.includes(key.length === 1 ? key.toLowerCase() : key) === true &&
      action.enabled?.(state) !== false,
  );
}

/** Shift is part of some characters; the other modifiers belong to browser and system. */
function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !event.isComposing;
}

/** Where letters are text. Sliders, radios and check boxes take no letters. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['range', 'radio', 'checkbox', 'file'].includes(target.type);
}
