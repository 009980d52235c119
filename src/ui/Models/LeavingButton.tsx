/** A button that goes with what it ends; before that, the focus moves to the main control of its part of the list. */
import type { ReactNode } from 'react';
import button from '../Button/Button.module.css';
import styles from './Models.module.css';

const LOOKS = { plain: '', main: styles.main, solid: button.solid, danger: styles.danger } as const;

export function LeavingButton(props: {
  readonly look?: keyof typeof LOOKS;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  const { look = 'plain', disabled, onClick, children } = props;
  return (
    <button
      type="button"
      className={`${button.button} ${LOOKS[look]}`}
      aria-disabled={disabled}
      onClick={({ currentTarget }) => {
        currentTarget.closest('[data-spot]')?.querySelector<HTMLElement>('[data-main]')?.focus();
        onClick();
      }}
    >
      {children}
    </button>
  );
}
