/** How much is hidden: the page's main control. */
import { type CSSProperties, useId } from 'react';
import { shownRatio } from '../../store/mask/masking.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { endNote } from '../Stage/summaries.ts';
import { Tip } from '../Tip/Tip.tsx';
import { percent } from '../words.ts';
import { paceNote } from './pace-words.ts';
import styles from './RatioControl.module.css';
import { ratioReason } from './strategy-words.ts';

const MARKS = [0, 25, 50, 75, 100] as const;

export function RatioControl() {
  const lens = useLens();
  const id = useId();
  const ratio = useLensState((state) => shownRatio(state.masking));
  const reason = useLensState(ratioReason);
  const seen = useLensState((state) => state.masking.seen);
  const patches = useLensState((state) => state.masking.patches);
  const end = useLensState(endNote);
  const pace = useLensState(paceNote);
  const share = Math.round(ratio * 100);

  return (
    <div className={styles.ratio}>
      <div className={styles.head}>
        <label htmlFor={id} className={styles.label}>
          Mask ratio
        </label>
        <output htmlFor={id} className={styles.value} aria-live="off">
          <strong>{percent(ratio)}</strong>
          {`, ${seen} of ${patches} patches seen`}
        </output>
        <span className={styles.end}>{end ?? reason ?? pace}</span>
      </div>
      <Tip
        text={
          reason ??
          'How much of the image is hidden. In training it was 75 %: so much that guessing from the neighbours is not enough.'
        }
      >
        <input
          id={id}
          className={styles.slider}
          style={{ '--share': share / 100 } as CSSProperties}
          type="range"
          min={0}
          max={100}
          step={1}
          value={share}
          aria-valuetext={`${percent(ratio)}, ${patches - seen} of ${patches} patches masked`}
          aria-disabled={reason !== null}
          onChange={(event) => reason === null && lens.setRatio(event.currentTarget.valueAsNumber / 100)}
          onPointerUp={lens.endStep}
          onKeyUp={lens.endStep}
          onBlur={lens.endStep}
        />
      </Tip>
      <div className={styles.marks} aria-hidden>
        {MARKS.map((mark) => (
          <span key={mark} style={{ '--at': mark / 100 } as CSSProperties}>
            {mark === 75 ? '75 % as in the paper' : `${mark} %`}
          </span>
        ))}
      </div>
    </div>
  );
}
