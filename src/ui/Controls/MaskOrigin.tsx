/** Which call in Python gives the mask on the stage; or why the seed gives none, with what is shown instead. */
import { pythonCall } from '../../store/settings.ts';
import { useLensState } from '../lens-context.tsx';
import styles from './Controls.module.css';

/** What the seed field names as its error. */
export const SEED_PROBLEM_ID = 'seed-problem';

export function MaskOrigin() {
  const problem = useLensState((state) => state.draft?.problem ?? null);
  const call = useLensState(({ masking }) =>
    pythonCall(masking.settings.seed, masking.settings.generator, masking.patches),
  );
  return (
    <p className={styles.origin}>
      {problem === null ? (
        <span className={styles.lead}>The mask of</span>
      ) : (
        <span id={SEED_PROBLEM_ID} role="alert" className={styles.problem}>
          {problem} Still the mask of
        </span>
      )}{' '}
      <code className={styles.call}>{call}</code>
    </p>
  );
}
