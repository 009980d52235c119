/** How the masked patches are chosen: the paper's three ways, and masks that show something. */
import { ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { patchCount, squareGrid } from '../../mae/geometry.ts';
import { torchRand } from '../../mae/random.ts';
import { maskByStrategy } from '../../mae/strategies/strategies.ts';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLensState, useWords } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';
import { MaskThumbnail } from './MaskThumbnail.tsx';
import styles from './StrategyControl.module.css';

export const strategyChoices = lazyPart(async () => (await import('./StrategyChoices.tsx')).StrategyChoices);

/** Of the image on the button: few enough patches to be told apart. */
const SMALL = squareGrid(6);

export function StrategyControl() {
  const words = useWords().mask.strategy;
  const [open, setOpen] = useState(false);
  const strategy = useLensState((state) => state.settings.strategy);
  const painted = useLensState((state) => state.settings.painted.size > 0);
  const mask = useMemo(
    () => maskByStrategy(strategy, torchRand(2, patchCount(SMALL)), 0.75, SMALL).mask,
    [strategy],
  );
  return (
    <PopupButton
      popup={strategyChoices}
      kind="dialog"
      open={open}
      onOpenChange={setOpen}
      place="stage"
      tip={words.tip}
      className={styles.trigger}
      label={words.button({ strategy, painted })}
    >
      <MaskThumbnail mask={mask} grid={SMALL} />
      <span className={styles.name}>{words.chosen({ strategy, painted })}</span>
      <ChevronDown aria-hidden size={14} />
    </PopupButton>
  );
}
