/** One line beneath the panels, always there: the patch that is pointed at, or what can be done. */

import { endNote } from '../Controls/notes.ts';
import { useLensWords, useWords } from '../lens-context.tsx';
import { brushHint, patchLine } from './patches.ts';
import styles from './Stage.module.css';

export function PatchLine() {
  const line = useLensWords(patchLine);
  const hint = useLensWords(brushHint);
  return (
    <p className={styles.line}>
      {line === null ? (
        <>
          <span className={styles.hint}>{hint}</span>
          <span className={styles.note}>
            <Note />
          </span>
        </>
      ) : (
        line
      )}
    </p>
  );
}

/** On a phone, where panels have no captions: what the scale's ends mean, or the question that everyone asks. */
function Note() {
  const { stage } = useWords();
  return useLensWords(endNote) ?? stage.whyWorse;
}
