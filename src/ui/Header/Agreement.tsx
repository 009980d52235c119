/** How far the device's other precision is from float32 with the model in use: what is known, and measuring it. */

import { RotateCw, Ruler, X } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { CLOSE_ENOUGH } from '../../runtime/device/dtype.ts';
import { betterDtype, knownAgreement, reducedDtype } from '../../store/model/agreement.ts';
import { messageText } from '../../store/notices/message.ts';
import button from '../Button/Button.module.css';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { measuringProgress, measuringText } from '../model-phase.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Header.module.css';

export function Agreement() {
  const lens = useLens();
  const words = useWords();
  const { agreement } = words.device;
  const dtype = useLensState(({ model: { info } }) => (info === null ? null : reducedDtype(info)));
  const known = useLensState(useShallow(knownAgreement));
  const problem = useLensState((state) => state.agreement.problem);
  if (dtype === null) return null;
  const name = { dtype: words.dtypes[dtype] };
  const differences = known.flatMap((record) => record.lossDifference ?? []);
  return (
    <section className={styles.agreement} aria-label={agreement.label(name)}>
      <div className={styles.found}>
        <p>{known.length === 0 ? agreement.notMeasured(name) : agreement.measured(name)}</p>
        {known.length > 0 && (
          <>
            <ul>
              {known.map(({ lowestPsnr, runs, on }) => (
                <li key={on}>{agreement.record({ psnr: lowestPsnr, runs, on })}</li>
              ))}
            </ul>
            <p className={styles.words}>
              {agreement.scale({
                closeEnough: CLOSE_ENOUGH,
                lossDifference: differences.length === 0 ? null : Math.max(...differences),
              })}
            </p>
          </>
        )}
      </div>
      {problem !== null && (
        <NoticeCard kind="error" onDismiss={lens.dismissMeasurementProblem}>
          {messageText(problem, words)}
        </NoticeCard>
      )}
      <Measurement />
    </section>
  );
}

/** The measurement that runs, or what can be done about one. */
function Measurement() {
  const lens = useLens();
  const words = useWords();
  const { agreement } = words.device;
  const measuring = useLensState((state) => state.agreement.measuring);
  const ready = useLensState((state) => state.image !== null && state.model.phase.phase === 'ready');
  const second = useLensState(({ model: { info } }) =>
    info === null || info.device.dtype !== 'fp32' ? 'fp32' : reducedDtype(info),
  );
  const better = useLensState(betterDtype);
  const inUse = useLensState((state) => state.model.inUse);
  if (measuring !== null)
    return (
      <div className={styles.measurement}>
        <p>{measuringText(measuring, words)}</p>
        <div className={styles.measuring} aria-hidden>
          <span
            className={styles.measuringDone}
            style={{ '--done': measuringProgress(measuring.step) } as CSSProperties}
          />
        </div>
        <Actions>
          <button type="button" className={button.button} onClick={lens.cancelMeasurement}>
            <X aria-hidden className={button.symbol} />
            {agreement.cancel}
          </button>
        </Actions>
      </div>
    );
  return (
    <Actions>
      <Tip text={agreement.measureTip({ second: words.dtypes[second] })}>
        <button
          type="button"
          className={button.button}
          aria-disabled={!ready}
          onClick={() => ready && void lens.measureAgreement()}
        >
          <Ruler aria-hidden className={button.symbol} />
          {agreement.measure}
        </button>
      </Tip>
      {better !== null && inUse !== null && (
        <Tip text={agreement.loadTip({ dtype: words.dtypes[better] })}>
          <button
            type="button"
            className={`${button.button} ${button.solid}`}
            onClick={() => lens.loadModel(inUse)}
          >
            <RotateCw aria-hidden className={button.symbol} />
            {agreement.load({ dtype: words.dtypes[better] })}
          </button>
        </Tip>
      )}
    </Actions>
  );
}

function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.agreementActions}>{children}</div>;
}
