/** What the model computes in: by itself, or as the visitor says. */
import { useId } from 'react';
import type { Precision, PrecisionChoice } from '../../runtime/engine.ts';
import { precisionObstacle } from '../../store/fidelity.ts';
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
    words: 'float32 for small models; for large ones what is faster and known to be close.',
  },
  { precision: 'float32', name: 'float32', words: 'The reference’s own arithmetic.' },
  {
    precision: 'float16',
    name: 'float16',
    words: 'For WebGPU: half the memory, and often faster.',
  },
  {
    precision: 'int8',
    name: 'int8',
    words: 'For WebAssembly: a quarter of the memory, and faster; rounds the most.',
  },
];

const ROUGHER = ': the loss differs slightly from the reference’s';
const CAVEATS: Readonly<Record<Precision, string>> = { float32: '', float16: ROUGHER, int8: ROUGHER };

export function PrecisionChoices() {
  const lens = useLens();
  const name = useId();
  const wanted = useLensState((state) => state.model.wantedPrecision);
  const running = useLensState(({ model }) => model.info?.device.precision ?? null);
  const obstacle = useLensState((state) => precisionObstacle(state.model));
  return (
    <section className={styles.column}>
      <h2 className={styles.popupTitle}>Precision</h2>
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
      {running !== null && (
        <p className={styles.running}>{obstacle ?? `Computing in ${running}${CAVEATS[running]}.`}</p>
      )}
    </section>
  );
}
