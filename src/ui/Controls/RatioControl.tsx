/** How much is masked: the page's main control. */
import { type CSSProperties, useId } from 'react';
import { shownRatio } from '../../store/mask/masking.ts';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { Rich } from '../Rich/Rich.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { endNote, paceNote, ratioReason } from './notes.ts';
import styles from './RatioControl.module.css';

const MARKS = [0, 25, 50, 75, 100] as const;

export function RatioControl() {
  const lens = useLens();
  const words = useWords().mask.ratio;
  const id = useId();
  const ratio = useLensState((state) => shownRatio(state.masking));
  const reason = useLensWords(ratioReason);
  const kept = useLensState((state) => state.masking.kept);
  const patches = useLensState((state) => state.masking.patches);
  const end = useLensWords(endNote);
  const pace = useLensWords(paceNote);
  const value = { ratio, kept, patches };
  const share = Math.round(ratio * 100);

  return (
    <div className={styles.ratio}>
      <div className={styles.head}>
        <label htmlFor={id} className={styles.label}>
          {words.label}
        </label>
        <output htmlFor={id} className={styles.value} aria-live="off">
          <Rich text={words.value(value)} />
        </output>
        <span className={styles.end}>{end ?? reason ?? pace}</span>
      </div>
      <Tip text={reason ?? words.tip}>
        <input
          id={id}
          className={styles.slider}
          style={{ '--share': share / 100 } as CSSProperties}
          type="range"
          min={0}
          max={100}
          step={1}
          value={share}
          aria-valuetext={words.spoken(value)}
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
            {mark === 75 ? words.paperMark(mark / 100) : words.mark(mark / 100)}
          </span>
        ))}
      </div>
    </div>
  );
}
