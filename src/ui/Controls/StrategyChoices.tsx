/** The strategies to choose from, each with its mask as an image; behind StrategyControl. */
import { Popover } from '@base-ui/react/popover';
import { useId, useMemo, useState } from 'react';
import type { Words } from '../../locales/words.ts';
import { patchCount } from '../../mae/geometry.ts';
import {
  maskByStrategy,
  STRATEGIES,
  type Strategy,
  type StrategyId,
} from '../../mae/strategies/strategies.ts';
import { noiseOf } from '../../store/mask/settings.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import { PopupPanel } from '../Popup/PopupPanel.tsx';
import { MaskThumbnail } from './MaskThumbnail.tsx';
import styles from './StrategyControl.module.css';

export function StrategyChoices(props: PopupProps) {
  const words = useWords();
  return (
    <PopupPanel {...props} align="start" sideOffset={8} className={styles.popup}>
      <Popover.Title className={popup.title}>{words.mask.strategy.title}</Popover.Title>
      <Choices />
    </PopupPanel>
  );
}

function Choices() {
  const lens = useLens();
  const words = useWords();
  const name = useId();
  const chosen = useLensState((state) => state.settings.strategy);
  const masks = useMasks();
  const grid = useLensState((state) => state.masking.grid);
  const [pointed, setPointed] = useState<StrategyId | null>(null);
  const told = STRATEGIES.find(({ id }) => id === (pointed ?? chosen));
  return (
    <>
      <div role="radiogroup" aria-label={words.mask.strategy.title} className={styles.choices}>
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
              aria-description={`${words.strategies[strategy.id].sentence} ${limits(strategy, words)}`}
              onChange={() => lens.setStrategy(strategy.id)}
            />
            <MaskThumbnail mask={masks[strategy.id]} grid={grid} />
            <span>{words.strategies[strategy.id].label}</span>
          </label>
        ))}
      </div>
      {told !== undefined && (
        <p className={styles.words}>
          <strong>{words.strategies[told.id].term}</strong> {words.strategies[told.id].sentence}{' '}
          <span>{limits(told, words)}</span>
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

function limits({ usesRatio, usesSeed }: Strategy, { mask: { strategy } }: Words): string {
  if (!usesRatio) return usesSeed ? strategy.withoutRatio : strategy.withoutBoth;
  return usesSeed ? '' : strategy.withoutSeed;
}
