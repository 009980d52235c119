/** The strategies to choose from, each with its mask as an image; behind StrategyControl. */
import { Popover } from '@base-ui/react/popover';
import { useId, useMemo, useState } from 'react';
import { patchCount } from '../../mae/geometry.ts';
import {
  maskByStrategy,
  STRATEGIES,
  type Strategy,
  type StrategyId,
} from '../../mae/strategies/strategies.ts';
import { noiseOf } from '../../store/mask/settings.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import { PopupPanel } from '../Popup/PopupPanel.tsx';
import { MaskImage } from './MaskThumbnail.tsx';
import styles from './StrategyControl.module.css';
import { paperTerm } from './strategy-words.ts';

export function StrategyChoices(props: PopupProps) {
  return (
    <PopupPanel {...props} align="start" sideOffset={8} className={styles.popup}>
      <Popover.Title className={popup.title}>What is hidden</Popover.Title>
      <Choices />
    </PopupPanel>
  );
}

function Choices() {
  const lens = useLens();
  const name = useId();
  const chosen = useLensState((state) => state.settings.strategy);
  const masks = useMasks();
  const grid = useLensState((state) => state.masking.grid);
  const [pointed, setPointed] = useState<StrategyId | null>(null);
  const told = STRATEGIES.find(({ id }) => id === (pointed ?? chosen));
  return (
    <>
      <div role="radiogroup" aria-label="What is hidden" className={styles.choices}>
        {STRATEGIES.map((strategy) => (
          <label
            key={strategy.id}
            className={styles.choice}
            onPointerEnter={() => setPointed(strategy.id)}
            onPointerLeave={() => setPointed(null)}
          >
            <input
              type="radio"
              name={name}
              checked={strategy.id === chosen}
              aria-description={`${strategy.sentence} ${limits(strategy)}`}
              onChange={() => lens.setStrategy(strategy.id)}
            />
            <MaskImage mask={masks[strategy.id]} grid={grid} />
            <span>{strategy.label}</span>
          </label>
        ))}
      </div>
      {told !== undefined && (
        <p className={styles.words}>
          <strong>{paperTerm(told.id)}</strong> {told.sentence} <span>{limits(told)}</span>
        </p>
      )}
    </>
  );
}

/** Each strategy's mask with the ratio and the seed of now. */
function useMasks(): Readonly<Record<StrategyId, Uint8Array>> {
  const grid = useLensState((state) => state.masking.grid);
  const ratio = useLensState((state) => state.settings.ratio);
  const seed = useLensState((state) => state.settings.seed);
  const generator = useLensState((state) => state.settings.generator);
  return useMemo(() => {
    const noise = noiseOf(seed, generator, patchCount(grid));
    const of = ({ id }: Strategy) => [id, maskByStrategy(id, noise, ratio, grid).mask] as const;
    return Object.fromEntries(STRATEGIES.map(of)) as Record<StrategyId, Uint8Array>;
  }, [grid, ratio, seed, generator]);
}

function limits({ usesRatio, usesSeed }: Strategy): string {
  if (!usesRatio && !usesSeed) return 'Ratio and seed do not count.';
  if (!usesRatio) return 'The ratio does not count.';
  return usesSeed ? '' : 'The seed does not count.';
}
