/** The strip of controls beneath the panels. */
import { newSeed } from '../../actions/all.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { UnlessHidden } from '../Frame/UnlessHidden.tsx';
import { useWords } from '../lens-context.tsx';
import styles from './Controls.module.css';
import { GeneratorControl } from './GeneratorControl.tsx';
import { MaskOrigin } from './MaskOrigin.tsx';
import { RatioControl } from './RatioControl.tsx';
import { SeedControl } from './SeedControl.tsx';
import { StrategyControl } from './StrategyControl.tsx';

export function Controls() {
  const words = useWords();
  return (
    <section className={styles.controls} aria-label={words.mask.controls}>
      <UnlessHidden name="ratio">
        <div className={styles.bar}>
          <RatioControl />
          <div className={styles.dice}>
            <ActionButton action={newSeed} look="icon" />
          </div>
        </div>
      </UnlessHidden>
      <div className={styles.row}>
        <UnlessHidden name="strategy">
          <StrategyControl />
        </UnlessHidden>
        <UnlessHidden name="seed">
          <div className={styles.group}>
            <SeedControl />
            <ActionButton action={newSeed} />
          </div>
        </UnlessHidden>
        <UnlessHidden name="generator">
          <GeneratorControl />
          <MaskOrigin />
        </UnlessHidden>
      </div>
    </section>
  );
}
