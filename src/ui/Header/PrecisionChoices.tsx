/** What the model computes in: by itself, or as the visitor says. */
import type { Precision, PrecisionChoice } from '../../engine/engine.ts';
import { precisionObstacle } from '../../store/model/agreement.ts';
import { type RadioChoice, RadioRows } from '../Choices/RadioRows.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import popup from '../Popup/PopupPanel.module.css';
import styles from './Header.module.css';

const CHOICES: readonly RadioChoice<PrecisionChoice>[] = [
  {
    value: 'auto',
    name: 'Automatic',
    words: 'float32 for small models; for large ones what is faster and known to be close.',
  },
  { value: 'float32', name: 'float32', words: 'The reference’s own arithmetic.' },
  {
    value: 'float16',
    name: 'float16',
    words: 'For WebGPU: half the memory, and often faster.',
  },
  {
    value: 'int8',
    name: 'int8',
    words: 'For WebAssembly: a quarter of the memory, and faster; rounds the most.',
  },
];

const ROUGHER = ': the loss differs slightly from the reference’s';
const CAVEATS: Readonly<Record<Precision, string>> = { float32: '', float16: ROUGHER, int8: ROUGHER };

export function PrecisionChoices() {
  const lens = useLens();
  const wanted = useLensState((state) => state.model.wantedPrecision);
  const running = useLensState(({ model }) => model.info?.device.precision ?? null);
  const obstacle = useLensState((state) => precisionObstacle(state.model));
  return (
    <section className={styles.column}>
      <h2 className={popup.title}>Precision</h2>
      <RadioRows label="Precision" choices={CHOICES} chosen={wanted} onChoose={lens.setPrecision} />
      {running !== null && (
        <p className={styles.running}>{obstacle ?? `Computing in ${running}${CAVEATS[running]}.`}</p>
      )}
    </section>
  );
}
