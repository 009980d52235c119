/** Why a model could not be loaded, and the ways out. Nothing else is lost. */
import { chooseModel, retry } from '../../actions/all.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import { useModels } from '../Models/use-models.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { deviceLabel } from '../words.ts';
import styles from './Header.module.css';

export function ModelFailure() {
  const lens = useLens();
  const error = useLensState((state) => state.model.failure?.error ?? null);
  const lastGood = useLensState((state) => state.model.info);
  // The list tells it where the model was chosen.
  const told = useModels((state) => state.open);
  if (error === null || told) return null;
  return (
    <div className={styles.failure}>
      <NoticeCard kind="error" onDismiss={lens.dismissModelFailure}>
        {error.message}
        {lastGood !== null && ` ${lastGood.name} on ${deviceLabel(lastGood.device)} stays in use.`}
        <div className={styles.failureActions}>
          <ActionButton action={retry} look="solid" />
          <ActionButton action={chooseModel} />
        </div>
      </NoticeCard>
    </div>
  );
}
