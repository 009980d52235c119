/** Something that a person can do. Buttons, shortcuts and the help dialog are all made from these objects. */
import type { LucideIcon } from 'lucide-react';
import type { Words } from '../locales/words.ts';
import type { Sample } from '../store/image/samples.ts';
import type { Lens } from '../store/lens.ts';
import type { LensState } from '../store/state.ts';

/** What an action can reach. */
export interface ActionContext {
  readonly lens: Lens;
  /** Opens the browser's own file chooser. */
  readonly chooseFile: () => void;
  /** Of the language that the page speaks. */
  readonly words: Words;
}

interface Performable {
  readonly icon: LucideIcon;
  /**
   * Keys that do it, as `KeyboardEvent.key` names them; any one is enough. `Mod+` stands before those that go with
   * Ctrl (on Apple's keyboards, Command), `Mod+Shift+` before those that go with Shift too.
   */
  readonly keys?: readonly string[];
  /** The shortcut is the browser's own (paste), so it is shown and not listened for. */
  readonly native?: true;
  /** Whether it can be done now; always, when absent. */
  readonly enabled?: (state: LensState) => boolean;
  readonly perform: (context: ActionContext) => void;
}

/** One whose words are the language's `actions`, by its id. */
export interface PageAction extends Performable {
  readonly id: keyof Words['actions'];
  readonly sample?: never;
}

/** One of those that open a sample image: they have their words in common. */
export interface SampleAction extends Performable {
  readonly id: `open-sample-${string}`;
  readonly sample: Sample;
}

export type Action = PageAction | SampleAction;

export interface ActionWords {
  /** A verb and its object: what a button says. */
  readonly label: string;
  /** One sentence for people who have never read the paper. */
  readonly explanation: string;
}

export function actionWords(action: Action, { actions, openSample }: Words): ActionWords {
  if (action.sample === undefined) return actions[action.id];
  return { label: openSample.label(action.sample), explanation: openSample.explanation(action.sample) };
}

/** The keys as people read them. */
export function keyLabels(action: Action): readonly string[] {
  const mod = isApple() ? '⌘' : 'Ctrl';
  if (action.native === true) return [`${mod} V`];
  return (action.keys ?? []).map((keys) =>
    keys
      .split(/\+(?=.)/)
      .map((key) => (key === 'Mod' ? mod : key.length === 1 ? key.toUpperCase() : key))
      .join(' '),
  );
}

/** Not so where the page is rendered at build time: shortcuts are told on hover only. */
function isApple(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
}
