/** The loss of the result on the stage; beside it that of the interpolation, where it is shown, and which is better. */
import { useLensWords } from '../lens-context.tsx';
import styles from './Facts.module.css';
import { lossText, verdict } from './verdict.ts';

export function Losses() {
  const words = useLensWords(lossText);
  const better = useLensWords(verdict);
  return (
    <>
      {words}
      {better !== null && <span className={styles.verdict}>{better}</span>}
    </>
  );
}
