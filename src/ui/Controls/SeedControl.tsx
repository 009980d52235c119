/** The seed: text rather than a number field, since PyTorch's seeds do not fit a JavaScript number. */
import { type KeyboardEvent, useId } from 'react';
import text from '../Field/TextField.module.css';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Controls.module.css';
import { SEED_PROBLEM_ID } from './MaskOrigin.tsx';
import { seedReason } from './notes.ts';

const STEPS: Readonly<Record<string, bigint>> = {
  ArrowUp: 1n,
  ArrowDown: -1n,
  PageUp: 10n,
  PageDown: -10n,
};

export function SeedControl() {
  const lens = useLens();
  const words = useWords().mask.seed;
  const id = useId();
  const seed = useLensState((state) => state.draft?.seed ?? state.settings.seed);
  const wrong = useLensState((state) => state.draft !== null);
  const reason = useLensWords(seedReason);

  const step = (event: KeyboardEvent): void => {
    const by = STEPS[event.key];
    if (reason !== null || by === undefined || !/^-?\d+$/.test(seed)) return;
    event.preventDefault();
    lens.setSeed(String(BigInt(seed) + by));
  };

  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {words.label}
      </label>
      <Tip text={reason ?? words.tip}>
        <input
          id={id}
          className={`${text.field} ${styles.seed}`}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          value={seed}
          readOnly={reason !== null}
          aria-disabled={reason !== null}
          aria-invalid={wrong}
          {...(wrong ? { 'aria-errormessage': SEED_PROBLEM_ID, 'aria-describedby': SEED_PROBLEM_ID } : {})}
          onChange={(event) => lens.setSeed(event.currentTarget.value)}
          onKeyDown={step}
          onBlur={lens.endStep}
        />
      </Tip>
    </div>
  );
}
