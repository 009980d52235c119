/** How far the device's other precision is from float32 with the model in use: what is known, and measuring it. */

import { RotateCw, Ruler, X } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { en } from '../../locales/en.ts';
import { CLOSE_ENOUGH } from '../../runtime/device/dtype.ts';
import { betterDtype, knownAgreement, reducedDtype } from '../../store/model/agreement.ts';
import button from '../Button/Button.module.css';
import { useLens, useLensState } from '../lens-context.tsx';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { agreementLabel, atMost, measuringLabel, measuringProgress } from '../words.ts';
import styles from './Header.module.css';

export function Agreement() {
  const lens = useLens();
  const dtype = useLensState(({ model: { info } }) => (info === null ? null : reducedDtype(info)));
  const known = useLensState(useShallow(knownAgreement));
  const problem = useLensState((state) => state.agreement.problem);
  if (dtype === null) return null;
  const differences = known.flatMap((record) => record.lossDifference ?? []);
  return (
    <section className={styles.agreement} aria-label={`How far ${en.dtypes[dtype]} is from float32`}>
      <div className={styles.found}>
        <p>
          {en.dtypes[dtype]} against float32, with this model
          {known.length === 0 ? ': not measured yet.' : ':'}
        </p>
        {known.length > 0 && (
          <>
            <ul>
              {known.map((record) => (
                <li key={record.on}>{agreementLabel(record)}</li>
              ))}
            </ul>
            <p className={styles.words}>
              PSNR: the higher, the closer; from {CLOSE_ENOUGH} dB on, two images look the same.
              {differences.length > 0 && <> The loss differs by {atMost(Math.max(...differences))}.</>}
            </p>
          </>
        )}
      </div>
      {problem !== null && (
        <NoticeCard kind="error" onDismiss={lens.dismissMeasurementProblem}>
          {problem.message}
        </NoticeCard>
      )}
      <Measurement />
    </section>
  );
}

/** The measurement that runs, or what can be done about one. */
function Measurement() {
  const lens = useLens();
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
        <p>{measuringLabel(measuring)}</p>
        <div className={styles.measuring} aria-hidden>
          <span
            className={styles.measuringDone}
            style={{ '--done': measuringProgress(measuring.step) } as CSSProperties}
          />
        </div>
        <Actions>
          <button type="button" className={button.button} onClick={lens.cancelMeasurement}>
            <X aria-hidden className={button.symbol} />
            Cancel
          </button>
        </Actions>
      </div>
    );
  return (
    <Actions>
      <Tip
        text={`Loads the model once more, in ${second}, and compares what both paint on your image, under six masks. It takes some seconds, and the memory of that copy meanwhile.`}
      >
        <button
          type="button"
          className={button.button}
          aria-disabled={!ready}
          onClick={() => ready && void lens.measureAgreement()}
        >
          <Ruler aria-hidden className={button.symbol} />
          Measure on this image
        </button>
      </Tip>
      {better !== null && inUse !== null && (
        <Tip text={`What Automatic would choose now: ${better}. The model in use goes on until it is ready.`}>
          <button
            type="button"
            className={`${button.button} ${button.solid}`}
            onClick={() => lens.loadModel(inUse)}
          >
            <RotateCw aria-hidden className={button.symbol} />
            Load it in {en.dtypes[better]}
          </button>
        </Tip>
      )}
    </Actions>
  );
}

function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles.agreementActions}>{children}</div>;
}
