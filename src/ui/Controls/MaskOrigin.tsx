/** Which call in Python gives the mask on the stage; or why the seed gives none, with what is shown instead. */
import type { ReactNode } from 'react';
import type { Words } from '../../locales/words.ts';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { pythonCall } from '../../store/mask/settings.ts';
import { messageText } from '../../store/notices/message.ts';
import type { LensState } from '../../store/state.ts';
import { useLensWords } from '../lens-context.tsx';
import { Rich, type Tags } from '../Rich/Rich.tsx';
import styles from './Controls.module.css';

/** What the seed field names as its error. */
export const SEED_PROBLEM_ID = 'seed-problem';

const TAGS: Tags = {
  lead: (words): ReactNode => <span className={styles.lead}>{words}</span>,
  problem: (words): ReactNode => (
    <span id={SEED_PROBLEM_ID} role="alert" className={styles.problem}>
      {words}
    </span>
  ),
  call: (words): ReactNode => <code className={styles.call}>{words}</code>,
};

export function MaskOrigin() {
  return (
    <p className={styles.origin}>
      <Rich text={useLensWords(originText)} tags={TAGS} />
    </p>
  );
}

function originText({ draft, masking }: LensState, words: Words): string {
  const { strategy, seed, generator, painted } = masking.settings;
  const drawn = findStrategy(strategy)?.usesSeed === true;
  const call = drawn ? pythonCall(seed, generator, masking.patches) : null;
  const { origin } = words.mask;
  if (draft !== null) return origin.still({ problem: messageText(draft.problem, words), call });
  const made = { strategy, painted: painted.size > 0 };
  return call === null ? origin.fixed(made) : origin.drawn({ ...made, call });
}
