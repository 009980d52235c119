/** Which call in Python gives the mask on the stage; or why the seed gives none, with what is shown instead. */
import { en } from '../../locales/en.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import type { Masking } from '../../store/mask/masking.ts';
import { pythonCall } from '../../store/mask/settings.ts';
import { messageText } from '../../store/notices/message.ts';
import { useLensState } from '../lens-context.tsx';
import styles from './Controls.module.css';

/** What the seed field names as its error. */
export const SEED_PROBLEM_ID = 'seed-problem';

export function MaskOrigin() {
  const problem = useLensState((state) => state.draft?.problem ?? null);
  const lead = useLensState(({ masking }) => leadWords(masking));
  const drawn = useLensState(({ masking }) => findStrategy(masking.settings.strategy)?.usesSeed === true);
  const call = useLensState(({ masking }) =>
    pythonCall(masking.settings.seed, masking.settings.generator, masking.patches),
  );
  return (
    <p className={styles.origin}>
      {problem === null ? (
        <span className={styles.lead}>{lead}</span>
      ) : (
        <span id={SEED_PROBLEM_ID} role="alert" className={styles.problem}>
          {messageText(problem, en)} Still the mask of
        </span>
      )}{' '}
      {drawn && <code className={styles.call}>{call}</code>}
    </p>
  );
}

function leadWords({ settings: { strategy, painted } }: Masking): string {
  const found = findStrategy(strategy);
  const touched = painted.size === 0 ? '' : ', painted over';
  if (strategy === 'random') return painted.size === 0 ? 'The mask of' : 'Painted over the mask of';
  if (found?.usesSeed === true) return `${found.label}${touched}, placed by`;
  return `${found?.sentence ?? ''} ${painted.size === 0 ? '' : 'Painted over.'}`;
}
