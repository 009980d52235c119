/** Which model paints and what it is doing; behind it, all about models. */
import { ChevronDown } from 'lucide-react';
import type { LensState } from '../../store/state.ts';
import { part } from '../LazyPart/lazy-part.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { ModelSteps } from '../Models/ModelSteps.tsx';
import { useModels } from '../Models/use-models.ts';
import { PopupButton } from '../Popup/PopupButton.tsx';
import { phaseLabel } from '../words.ts';
import styles from './Header.module.css';

export const modelsPopup = part(async () => (await import('../Models/ModelsPopup.tsx')).ModelsPopup);

/** What the model does; of a failure, which model it was, since another may be in use. */
function phaseWords({ model: { phase, failure, info } }: LensState): string | null {
  const other = phase.phase === 'failed' && info !== null && failure !== null;
  return other ? `${failure.source.name} failed` : phaseLabel(phase);
}

export function ModelMenu() {
  const lens = useLens();
  const open = useModels((state) => state.open);
  const name = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  const phase = useLensState(phaseWords);
  const failed = useLensState((state) => state.model.phase.phase === 'failed');
  return (
    <>
      <PopupButton
        popup={modelsPopup}
        kind="dialog"
        open={open}
        onOpenChange={lens.models.setOpen}
        place="stage"
        tip="The model that paints: its size, what it is doing, and others to choose."
        tipSide="bottom"
        className={styles.trigger}
        label={`Model: ${name}${phase === null ? '' : `. ${phase}`}`}
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
