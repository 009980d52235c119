/** Whose random numbers: PyTorch's or NumPy's. */
import { useId } from 'react';
import { GENERATOR_NAMES, type Generator } from '../../store/mask/settings.ts';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Controls.module.css';
import { seedReason } from './notes.ts';

const GENERATORS: readonly Generator[] = ['torch', 'numpy'];

export function GeneratorControl() {
  const lens = useLens();
  const words = useWords().mask.generator;
  const name = useId();
  const generator = useLensState((state) => (state.draft ?? state.settings).generator);
  const reason = useLensWords(seedReason);
  return (
    <Tip text={reason ?? words.tip}>
      <div
        className={`${styles.field} ${styles.radios}`}
        role="radiogroup"
        aria-labelledby={`${name}-label`}
        aria-disabled={reason !== null}
      >
        <span id={`${name}-label`} className={styles.label}>
          {words.label}
        </span>
        <div className={styles.segments}>
          {GENERATORS.map((candidate) => (
            <label key={candidate} className={styles.segment}>
              <input
                type="radio"
                name={name}
                value={candidate}
                checked={candidate === generator}
                disabled={reason !== null}
                onChange={() => lens.setGenerator(candidate)}
              />
              <span>{GENERATOR_NAMES[candidate]}</span>
            </label>
          ))}
        </div>
      </div>
    </Tip>
  );
}
