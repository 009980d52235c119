/** A way out where a graphics driver takes minutes to compile a model: before its first run, or in it. */
import { useEffect, useState } from 'react';
import button from '../Button/Button.module.css';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { useModels } from '../Models/use-models.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import styles from './Header.module.css';

/** Drivers take up to a few seconds for a model that they have not seen before. */
const LONG_MS = 20_000;

export function SlowDriver() {
  const phase = useLensState((state) => state.model.phase);
  const prepares = phase.phase === 'compiling' || phase.phase === 'warming-up';
  return prepares && phase.graphics === true ? <Offer /> : null;
}

function Offer() {
  const lens = useLens();
  const { device } = useWords();
  const [shown, setShown] = useState(false);
  // The list of models lies over it.
  const covered = useModels((state) => state.open);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown || covered) return null;
  return (
    <div className={styles.failure}>
      <NoticeCard kind="note" onDismiss={() => setShown(false)}>
        {device.slowDriver}
        <div className={styles.failureActions}>
          <button
            type="button"
            className={`${button.button} ${button.solid}`}
            onClick={() => lens.setDevice('wasm')}
          >
            {device.useWasm}
          </button>
        </div>
      </NoticeCard>
    </div>
  );
}
