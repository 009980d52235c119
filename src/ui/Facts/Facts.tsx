/** One line of facts about the result on the stage. */

import type { CSSProperties, ReactElement, ReactNode } from 'react';
import { en } from '../../locales/en.ts';
import { isCurrent, shownResult } from '../../store/state.ts';
import { useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { deviceLabel, milliseconds } from '../words.ts';
import styles from './Facts.module.css';
import { Losses } from './Losses.tsx';

export function Facts() {
  const result = useLensState(shownResult);
  const current = useLensState(isCurrent);
  const seen = useLensState((state) => state.masking.seen);
  const patches = useLensState((state) => state.masking.patches);
  const device = useLensState(({ model: { info } }) => (info === null ? '–' : deviceLabel(info.device)));
  const dtype = useLensState(({ model }) => model.info?.device.dtype ?? 'fp32');
  const compared = useLensState((state) => state.view.interpolation);
  const model = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  return (
    <dl
      className={styles.facts}
      data-lagging={result !== null && !current}
      data-compared={compared}
      aria-label="Facts"
    >
      <Fact
        name="Loss"
        tip="How far the painted patches are from the original: the mean squared error of the hidden ones, in normalised pixels. Lower is better."
      >
        <Losses />
      </Fact>
      <Fact
        name="Seen"
        tip="The encoder gets the visible patches and nothing else, and that is why it is quick. Its CLS token comes on top."
      >
        {seen === 0 ? `CLS token alone, 0 of ${patches}` : `${seen} of ${patches} patches`}
      </Fact>
      <Times />
      <Fact
        name="Device"
        tip={`What the model runs on, in this browser. Change it at the top of the page.${dtype === 'fp32' ? '' : ` It computes in ${en.dtypes[dtype]}, so the loss differs slightly from the reference’s.`}`}
      >
        {device}
      </Fact>
      <Fact name="Model" tip="The model that paints.">
        {model}
      </Fact>
    </dl>
  );
}

/** The two halves of the model, and their shares of the time. */
function Times() {
  const timing = useLensState((state) => shownResult(state)?.timing ?? null);
  const total = timing === null ? 0 : timing.encoderMs + timing.decoderMs;
  const share = timing === null || total === 0 ? 0.5 : timing.encoderMs / total;
  return (
    <>
      <Fact name="Encoder" tip="Time for the half that reads the visible patches.">
        <span className={styles.ms}>{timing === null ? '–' : milliseconds(timing.encoderMs)}</span>
      </Fact>
      <div className={styles.shares} data-empty={timing === null} aria-hidden>
        <span style={{ '--share': share } as CSSProperties} />
      </div>
      <Fact
        name="Decoder"
        tip="Time for the half that paints all patches. It always gets all of them, so its time does not change with the ratio."
      >
        <span className={styles.ms}>{timing === null ? '–' : milliseconds(timing.decoderMs)}</span>
      </Fact>
    </>
  );
}

function Fact(props: {
  readonly name: string;
  readonly tip: string;
  readonly children: ReactNode;
}): ReactElement {
  const { name, tip, children } = props;
  return (
    <Tip text={tip}>
      <div className={styles.fact} data-name={name}>
        <dt>{name}</dt>
        <dd>{children}</dd>
      </div>
    </Tip>
  );
}
