/** What the model computes in: by itself, or as the visitor says. */

import { en } from '../../locales/en.ts';
import type { Dtype, DtypeChoice } from '../../runtime/device/choice.ts';
import { type RadioChoice, RadioRows } from '../Choices/RadioRows.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import popup from '../Popup/PopupPanel.module.css';
import { obstacleText } from '../words.ts';
import styles from './Header.module.css';

const CHOICES: readonly RadioChoice<DtypeChoice>[] = [
  {
    value: 'auto',
    name: 'Automatic',
    words: 'float32 for small models; for large ones what is faster and known to be close.',
  },
  { value: 'fp32', name: en.dtypes.fp32, words: 'The reference’s own arithmetic.' },
  {
    value: 'fp16',
    name: en.dtypes.fp16,
    words: 'For WebGPU: half the memory, and often faster.',
  },
  {
    value: 'q8',
    name: en.dtypes.q8,
    words: 'For WebAssembly: a quarter of the memory, and faster; rounds the most.',
  },
];

const ROUGHER = ': the loss differs slightly from the reference’s';
const CAVEATS: Readonly<Record<Dtype, string>> = { fp32: '', fp16: ROUGHER, q8: ROUGHER };

export function DtypeChoices() {
  const lens = useLens();
  const wanted = useLensState((state) => state.model.wantedDtype);
  const running = useLensState(({ model }) => model.info?.device.dtype ?? null);
  const obstacle = useLensState((state) => obstacleText(state.model));
  return (
    <section className={styles.column}>
      <h2 className={popup.title}>Precision</h2>
      <RadioRows label="Precision" choices={CHOICES} chosen={wanted} onChoose={lens.setDtype} />
      {running !== null && (
        <p className={styles.running}>
          {obstacle ?? `Computing in ${en.dtypes[running]}${CAVEATS[running]}.`}
        </p>
      )}
    </section>
  );
}
