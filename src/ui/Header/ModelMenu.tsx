/** Which model paints and what it is doing; behind it, all about models. */
import { ChevronDown } from 'lucide-react';
import type { Words } from '../../locales/words.ts';
import type { LensState } from '../../store/state.ts';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { ModelSteps } from '../Models/ModelSteps.tsx';
import { useModels } from '../Models/use-models.ts';
import { phaseText } from '../model-phase.ts';
import { PopupButton } from '../Popup/PopupButton.tsx';
import styles from './Header.module.css';

export const modelsPopup = lazyPart(async () => (await import('../Models/ModelsPopup.tsx')).ModelsPopup);

/** What the model does; of a failure, which model it was, since another may be in use. */
function phaseOrFailure({ model: { phase, failure, info } }: LensState, words: Words): string | null {
  const other = phase.phase === 'failed' && info !== null && failure !== null;
  return other ? words.models.phase.otherFailed({ name: failure.source.name }) : phaseText(phase, words);
}

export function ModelMenu() {
  const lens = useLens();
  const { models } = useWords();
  const open = useModels((state) => state.open);
  const name = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  const phase = useLensWords(phaseOrFailure);
  const failed = useLensState((state) => state.model.phase.phase === 'failed');
  return (
    <>
      <PopupButton
        popup={modelsPopup}
        kind="dialog"
        open={open}
        onOpenChange={lens.models.setOpen}
        place="stage"
        tip={models.buttonTip}
        tipSide="bottom"
        className={styles.trigger}
        label={models.button({ name, phase })}
      >
        <span className={styles.model}>{name}</span>
        {phase !== null && (
          <span className={styles.phase} data-failed={failed}>
            {phase}
          </span>
        )}
        <ChevronDown aria-hidden size={14} />
      </PopupButton>
      <ModelSteps />
    </>
  );
}
