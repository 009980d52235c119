/** Which model paints and what it is doing; behind it, all about models. */
import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import type { LensState } from '../../store/state.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { ModelSteps } from '../Models/ModelSteps.tsx';
import models from '../Models/Models.module.css';
import { Models } from '../Models/Models.tsx';
import { useModels } from '../Models/use-models.ts';
import { Tip } from '../Tip/Tip.tsx';
import { phaseLabel } from '../words.ts';
import styles from './Header.module.css';

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
    <Popover.Root open={open} onOpenChange={(next) => lens.models.setOpen(next)}>
      <Tip text="The model that paints: its size, what it is doing, and others to choose." side="bottom">
        <Popover.Trigger
          className={styles.trigger}
          aria-label={`Model: ${name}${phase === null ? '' : `. ${phase}`}`}
        >
          <span className={styles.model}>{name}</span>
          {phase !== null && (
            <span className={styles.phase} data-failed={failed}>
              {phase}
            </span>
          )}
          <ChevronDown aria-hidden size={14} />
        </Popover.Trigger>
      </Tip>
      <ModelSteps />
      <Popover.Portal>
        <Popover.Positioner
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          // Always below its name: the list scrolls rather than moving aside when it grows.
          collisionAvoidance={{ side: 'none', align: 'shift', fallbackAxisSide: 'none' }}
          className={styles.positioner}
        >
          <Popover.Popup className={models.popup}>
            <Models />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
