/** The strip of controls beneath the panels. */
import { newSeed, patchGrid } from '../../actions/all.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLensState } from '../lens-context.tsx';
import styles from './Controls.module.css';
import { GeneratorControl } from './GeneratorControl.tsx';
import { MaskOrigin } from './MaskOrigin.tsx';
import { RatioControl } from './RatioControl.tsx';
import { SeedControl } from './SeedControl.tsx';

export function Controls() {
  const grid = useLensState((state) => state.view.patchGrid);
  return (
    <section className={styles.controls} aria-label="What is hidden">
      <div className={styles.bar}>
        <RatioControl />
        <div className={styles.dice}>
          <ActionButton action={newSeed} look="icon" />
        </div>
      </div>
      <div className={styles.row}>
        <div className={styles.group}>
          <SeedControl />
          <ActionButton action={newSeed} />
        </div>
        <GeneratorControl />
        <MaskOrigin />
        <div className={styles.end}>
          <ActionButton action={patchGrid} pressed={grid} />
        </div>
      </div>
    </section>
  );
}
