/** What the colours of the errors mean, or why there are none. */
import type { CSSProperties } from 'react';
import { useLensState, useWords } from '../lens-context.tsx';
import styles from './Legend.module.css';
import { heatOf } from './scene.ts';
import { VIRIDIS_GRADIENT } from './viridis.ts';

export function Legend() {
  const {
    stage: { legend },
    quantities,
  } = useWords();
  const max = useLensState((state) => heatOf(state)?.max ?? null);
  const nothingMasked = useLensState((state) => state.masking.kept === state.masking.patches);
  if (max === null) {
    return nothingMasked ? legend.nothingMasked : legend.notKnown;
  }
  return (
    <span className={styles.legend}>
      <span>0</span>
      <span aria-hidden className={styles.scale} style={{ '--colours': VIRIDIS_GRADIENT } as CSSProperties} />
      <span>{quantities.loss(max)}</span>
      <span className={styles.words}>{legend.label}</span>
    </span>
  );
}
