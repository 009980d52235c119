/** One line beneath the panels, always there: the patch that is pointed at, or what can be done. */
import { useLensState } from '../lens-context.tsx';
import { brushHint, patchWords } from './patches.ts';
import styles from './Stage.module.css';
import { endNote } from './summaries.ts';

export function PatchLine() {
  const words = useLensState((state) => patchWords(state)?.join(' · ') ?? null);
  const hint = useLensState(brushHint);
  return (
    <p className={styles.line}>
      {words === null ? (
        <>
          <span className={styles.hint}>{hint}</span>
          <span className={styles.note}>
            <Note />
          </span>
        </>
      ) : (
        words
      )}
    </p>
  );
}

/** On a phone, where panels have no captions: what the scale's ends mean, or the question that everyone asks. */
function Note() {
  const end = useLensState(endNote);
  return (
    end ?? 'Patches that were visible look worse in the reconstruction: training graded the hidden ones only.'
  );
}
