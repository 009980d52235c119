/** How the hidden patches are chosen: the paper's three ways, and masks that show something. */
import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { torchRand } from '../../mae/random.ts';
import { maskByStrategy, STRATEGIES, type Strategy, type StrategyId } from '../../mae/strategies.ts';
import { noiseOf } from '../../store/settings.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { MaskPicture } from './MaskPicture.tsx';
import styles from './StrategyControl.module.css';
import { paperTerm } from './strategy-words.ts';

/** Patches along one side of the picture on the button: few enough to be told apart. */
const SMALL = 6;

export function StrategyControl() {
  const strategy = useLensState((state) => state.settings.strategy);
  const painted = useLensState((state) => state.settings.painted.size > 0);
  const mask = useMemo(() => maskByStrategy(strategy, torchRand(2, SMALL ** 2), 0.75).mask, [strategy]);
  const label = STRATEGIES.find(({ id }) => id === strategy)?.label ?? '';
  const name = painted ? `${label} + paint` : label;
  return (
    <Popover.Root>
      <Tip text="How the hidden patches are chosen: at random as in training, in blocks, in a grid, and more.">
        <Popover.Trigger className={styles.trigger} aria-label={`Masking: ${name}`}>
          <MaskPicture mask={mask} />
          <span className={styles.name}>{name}</span>
          <ChevronDown aria-hidden size={14} />
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Positioner
          side="bottom"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          className={styles.positioner}
        >
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>What is hidden</Popover.Title>
            <Choices />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices() {
  const lens = useLens();
  const name = useId();
  const chosen = useLensState((state) => state.settings.strategy);
  const masks = useMasks();
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
            <MaskPicture mask={masks[strategy.id]} />
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
  const patches = useLensState((state) => state.masking.patches);
  const ratio = useLensState((state) => state.settings.ratio);
  const seed = useLensState((state) => state.settings.seed);
  const generator = useLensState((state) => state.settings.generator);
  return useMemo(() => {
    const noise = noiseOf(seed, generator, patches);
    const of = ({ id }: Strategy) => [id, maskByStrategy(id, noise, ratio).mask] as const;
    return Object.fromEntries(STRATEGIES.map(of)) as Record<StrategyId, Uint8Array>;
  }, [patches, ratio, seed, generator]);
}

function limits({ usesRatio, usesSeed }: Strategy): string {
  if (!usesRatio && !usesSeed) return 'Ratio and seed do not count.';
  if (!usesRatio) return 'The ratio does not count.';
  return usesSeed ? '' : 'The seed does not count.';
}
