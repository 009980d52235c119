/** Why the model could not be loaded, and the way to try again. Nothing else is lost. */
import { useState } from 'react';
import { retry } from '../../actions/all.ts';
import type { LensError } from '../../mae/errors.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLensState } from '../lens-context.tsx';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import styles from './Header.module.css';

export function ModelFailure() {
  const error = useLensState(({ model }) => (model.phase.phase === 'failed' ? model.phase.error : null));
  const lastGood = useLensState((state) => state.model.info?.device.label ?? null);
  const [dismissed, setDismissed] = useState<LensError | null>(null);
  if (error === null || error === dismissed) return null;
  return (
    <div className={styles.failure}>
      <NoticeCard kind="error" onDismiss={() => setDismissed(error)}>
        {error.message}
        {lastGood !== null && ` The model on ${lastGood} stays in use.`}
        <div className={styles.failureActions}>
          <ActionButton action={retry} look="solid" />
        </div>
      </NoticeCard>
    </div>
  );
}
