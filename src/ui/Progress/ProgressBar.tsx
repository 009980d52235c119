/** How far something is, as a bar. On sunken ground, `--track` gives it another colour. */
import type { CSSProperties } from 'react';
import styles from './ProgressBar.module.css';

/** What is drawn while nobody knows how far it is. */
const SOME = 0.3;

export function ProgressBar(props: {
  readonly label: string;
  /** From 0 to 1; null while that cannot be told. */
  readonly done: number | null;
  /** What screen readers count in: so many units are all of it. */
  readonly units?: number;
  /** The bar breathes: it goes on, but does not grow. */
  readonly waiting?: boolean;
}) {
  const { label, done, units = 100, waiting = done === null } = props;
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={units}
      {...(done === null ? {} : { 'aria-valuenow': Math.round(done * units) })}
      data-waiting={waiting}
    >
      <span style={{ '--done': done ?? SOME } as CSSProperties} />
    </div>
  );
}
