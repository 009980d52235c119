/** What the colours of the errors mean, or why there are none. */
import type { CSSProperties } from 'react';
import { useLensState } from '../lens-context.tsx';
import { loss } from '../words.ts';
import styles from './Legend.module.css';
import { heatOf } from './scene.ts';
import { VIRIDIS_GRADIENT } from './viridis.ts';

export function Legend() {
  const max = useLensState((state) => heatOf(state)?.max ?? null);
  const nothingHidden = useLensState((state) => state.masking.seen === state.masking.patches);
  if (max === null) {
    return nothingHidden
      ? 'Nothing is hidden, so no patch is graded.'
      : 'The errors are known when the live model has painted.';
  }
  return (
    <span className={styles.legend}>
      <span>0</span>
      <span aria-hidden className={styles.scale} style={{ '--colours': VIRIDIS_GRADIENT } as CSSProperties} />
      <span>{loss(max)}</span>
      <span className={styles.words}>
        Mean squared error of each hidden patch, in normalised pixels. Their mean is the loss.
      </span>
    </span>
  );
}
