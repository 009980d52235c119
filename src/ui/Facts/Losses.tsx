/** The loss of the result on the stage; beside it that of the interpolation, where it is shown, and which is better. */
import { useLensState } from '../lens-context.tsx';
import styles from './Facts.module.css';
import { lossWords, verdict } from './verdict.ts';

export function Losses() {
  const words = useLensState(lossWords);
  const better = useLensState(verdict);
  return (
    <>
      {words}
      {better !== null && <span className={styles.verdict}>{better}</span>}
    </>
  );
}
