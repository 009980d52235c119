/** A button for an action: its icon, its label, its explanation and its shortcut. */
import { type Action, actionWords, keyLabels } from '../../actions/action.ts';
import { useActionContext, useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Button.module.css';

export interface ActionButtonProps {
  readonly action: Action;
  /** `icon`: the label is for screen readers only. */
  readonly look?: 'icon' | 'plain' | 'solid';
  /** For a button that is on or off. */
  readonly pressed?: boolean;
  /** In place of the action's label. */
  readonly label?: string;
  readonly tipSide?: 'top' | 'bottom';
}

export function ActionButton({ action, look = 'plain', pressed, label, tipSide }: ActionButtonProps) {
  const context = useActionContext();
  const words = actionWords(action, context.words);
  const enabled = useLensState((state) => action.enabled?.(state) !== false);
  const shortcuts = useLensState((state) => state.view.shortcuts);
  const Icon = action.icon;
  return (
    <Tip
      text={words.explanation}
      keys={shortcuts ? keyLabels(action) : []}
      {...(tipSide === undefined ? {} : { side: tipSide })}
    >
      <button
        type="button"
        className={look === 'plain' ? styles.button : `${styles.button} ${styles[look]}`}
        aria-disabled={!enabled}
        aria-pressed={pressed}
        onClick={() => enabled && action.perform(context)}
      >
        <Icon aria-hidden className={styles.symbol} />
        <span className={look === 'icon' ? 'visually-hidden' : undefined}>{label ?? words.label}</span>
      </button>
    </Tip>
  );
}
