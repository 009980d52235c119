/** What the model computes in: by itself, or as the visitor says. */
import { useId } from 'react';
import type { PrecisionChoice } from '../../runtime/engine.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import styles from './Header.module.css';

const CHOICES: readonly {
  readonly precision: PrecisionChoice;
  readonly name: string;
  readonly words: string;
}[] = [
  {
    precision: 'auto',
    name: 'Automatic',
    words: 'float32 for small models; for large ones the faster one below, where it was found close enough.',
  },
  { precision: 'float32', name: 'float32', words: 'The reference’s own arithmetic, on every device.' },
  {
    precision: 'float16',
    name: 'float16',
    words: 'For WebGPU: half the memory, and faster where the graphics processor has it.',
  },
  {
    precision: 'int8',
    name: 'int8',
    words: 'For WebAssembly: a quarter of the memory, and faster. Rounds the most.',
  },
];

export function PrecisionChoices() {
  const lens = useLens();
  const name = useId();
  const wanted = useLensState((state) => state.model.wantedPrecision);
  return (
    <>
      <h3 className={styles.popupTitle}>Precision</h3>
      <div role="radiogroup" aria-label="Precision" className={styles.choices}>
        {CHOICES.map((choice) => (
          <label key={choice.precision} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={choice.precision === wanted}
              onChange={() => lens.setPrecision(choice.precision)}
            />
            <span>
              <strong>{choice.name}</strong>
              <span className={styles.words}>{choice.words}</span>
            </span>
          </label>
        ))}
      </div>
    </>
  );
}
