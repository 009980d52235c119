/** What the model computes in: by itself, or as the visitor says. */

import type { DtypeChoice } from '../../runtime/device/choice.ts';
import { RadioRows } from '../Choices/RadioRows.tsx';
import { obstacleText } from '../device-label.ts';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import popup from '../Popup/PopupPanel.module.css';
import styles from './Header.module.css';

const CHOICES: readonly DtypeChoice[] = ['auto', 'fp32', 'fp16', 'q8'];

export function DtypeChoices() {
  const lens = useLens();
  const words = useWords();
  const { dtype } = words.device;
  const wanted = useLensState((state) => state.model.wantedDtype);
  const running = useLensState(({ model }) => model.info?.device.dtype ?? null);
  const obstacle = useLensWords(obstacleText);
  return (
    <section className={styles.column}>
      <h2 className={popup.title}>{dtype.title}</h2>
      <RadioRows
        label={dtype.title}
        choices={CHOICES.map((value) => ({ value, ...dtype.choices[value] }))}
        chosen={wanted}
        onChoose={lens.setDtype}
      />
      {running !== null && (
        <p className={styles.running}>
          {obstacle ??
            (running === 'fp32' ? dtype.computing : dtype.computingRoughly)({
              dtype: words.dtypes[running],
            })}
        </p>
      )}
    </section>
  );
}
