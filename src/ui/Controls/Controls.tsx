/** The strip of controls beneath the panels. */
import { newSeed } from '../../actions/all.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { Shown } from '../Frame/Shown.tsx';
import styles from './Controls.module.css';
import { GeneratorControl } from './GeneratorControl.tsx';
import { MaskOrigin } from './MaskOrigin.tsx';
import { RatioControl } from './RatioControl.tsx';
import { SeedControl } from './SeedControl.tsx';
import { StrategyControl } from './StrategyControl.tsx';

export function Controls() {
  return (
    <section className={styles.controls} aria-label="What is hidden">
      <Shown part="ratio">
        <div className={styles.bar}>
          <RatioControl />
          <div className={styles.dice}>
            <ActionButton action={newSeed} look="icon" />
          </div>
        </div>
      </Shown>
      <div className={styles.row}>
        <Shown part="strategy">
          <StrategyControl />
        </Shown>
        <Shown part="seed">
          <div className={styles.group}>
            <SeedControl />
            <ActionButton action={newSeed} />
          </div>
        </Shown>
        <Shown part="generator">
          <GeneratorControl />
          <MaskOrigin />
        </Shown>
      </div>
    </section>
  );
}
