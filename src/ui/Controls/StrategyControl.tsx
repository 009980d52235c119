/** How the hidden patches are chosen: the paper's three ways, and masks that show something. */
import { ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { patchCount, squareGrid } from '../../mae/geometry.ts';
import { torchRand } from '../../mae/random.ts';
import { maskByStrategy, STRATEGIES } from '../../mae/strategies/strategies.ts';
import { part } from '../LazyPart/lazy-part.ts';
import { useLensState } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';
import { MaskImage } from './MaskThumbnail.tsx';
import styles from './StrategyControl.module.css';

export const strategyChoices = part(async () => (await import('./StrategyChoices.tsx')).StrategyChoices);

/** Of the image on the button: few enough patches to be told apart. */
const SMALL = squareGrid(6);

export function StrategyControl() {
  const [open, setOpen] = useState(false);
  const strategy = useLensState((state) => state.settings.strategy);
  const painted = useLensState((state) => state.settings.painted.size > 0);
  const mask = useMemo(
    () => maskByStrategy(strategy, torchRand(2, patchCount(SMALL)), 0.75, SMALL).mask,
    [strategy],
  );
  const label = STRATEGIES.find(({ id }) => id === strategy)?.label ?? '';
  const name = painted ? `${label} + paint` : label;
  return (
    <PopupButton
      popup={strategyChoices}
      kind="dialog"
      open={open}
      onOpenChange={setOpen}
      place="stage"
      tip="How the hidden patches are chosen: at random as in training, in blocks, in a grid, and more."
      className={styles.trigger}
      label={`Masking: ${name}`}
    >
      <MaskImage mask={mask} grid={SMALL} />
      <span className={styles.name}>{name}</span>
      <ChevronDown aria-hidden size={14} />
    </PopupButton>
  );
}
