/** Why a model could not be loaded, and the ways out. Nothing else is lost. */
import { chooseModel, retry } from '../../actions/all.ts';
import { messageText } from '../../store/notices/message.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { deviceLabel } from '../device-label.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { useModels } from '../Models/use-models.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import styles from './Header.module.css';

export function ModelFailure() {
  const lens = useLens();
  const words = useWords();
  const error = useLensState((state) => state.model.failure?.error ?? null);
  const lastGood = useLensState((state) => state.model.info);
  // The list tells it where the model was chosen.
  const told = useModels((state) => state.open);
  if (error === null || told) return null;
  return (
    <div className={styles.failure}>
      <NoticeCard kind="error" onDismiss={lens.dismissModelFailure}>
        {lastGood === null
          ? messageText(error, words)
          : words.models.failedBeside({
              error: messageText(error, words),
              name: lastGood.name,
              device: deviceLabel(lastGood.device, words),
            })}
        <div className={styles.failureActions}>
          <ActionButton action={retry} look="solid" />
          <ActionButton action={chooseModel} />
        </div>
      </NoticeCard>
    </div>
  );
}
