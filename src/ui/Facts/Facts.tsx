/** One line of facts about the result on the stage. */

import type { CSSProperties, ReactElement, ReactNode } from 'react';
import type { Words } from '../../locales/words.ts';
import { isCurrent, shownResult } from '../../store/state.ts';
import { deviceLabel } from '../device-label.ts';
import { useLensState, useWords } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Facts.module.css';
import { Losses } from './Losses.tsx';

export function Facts() {
  const words = useWords();
  const { facts } = words;
  const result = useLensState(shownResult);
  const current = useLensState(isCurrent);
  const kept = useLensState((state) => state.masking.kept);
  const patches = useLensState((state) => state.masking.patches);
  const device = useLensState(({ model: { info } }) =>
    info === null ? words.quantities.unknown : deviceLabel(info.device, words),
  );
  const dtype = useLensState(({ model }) => model.info?.device.dtype ?? 'fp32');
  const compared = useLensState((state) => state.view.interpolation);
  const model = useLensState((state) => state.model.info?.name ?? state.model.source.name);
  return (
    <dl
      className={styles.facts}
      data-lagging={result !== null && !current}
      data-compared={compared}
      aria-label={facts.label}
    >
      <Fact of="loss" tip={facts.loss.tip}>
        <Losses />
      </Fact>
      <Fact of="kept" tip={facts.kept.tip}>
        {facts.kept.of({ kept, patches })}
      </Fact>
      <Times />
      <Fact
        of="device"
        tip={dtype === 'fp32' ? facts.device.tip : facts.device.reducedTip({ dtype: words.dtypes[dtype] })}
      >
        {device}
      </Fact>
      <Fact of="model" tip={facts.model.tip}>
        {model}
      </Fact>
    </dl>
  );
}

/** The two halves of the model, and their shares of the time. */
function Times() {
  const { facts, quantities } = useWords();
  const timing = useLensState((state) => shownResult(state)?.timing ?? null);
  const total = timing === null ? 0 : timing.encoderMs + timing.decoderMs;
  const share = timing === null || total === 0 ? 0.5 : timing.encoderMs / total;
  const ms = (value: number | undefined) =>
    value === undefined ? quantities.unknown : quantities.milliseconds(value);
  return (
    <>
      <Fact of="encoder" tip={facts.encoder.tip}>
        <span className={styles.ms}>{ms(timing?.encoderMs)}</span>
      </Fact>
      <div className={styles.shares} data-empty={timing === null} aria-hidden>
        <span style={{ '--share': share } as CSSProperties} />
      </div>
      <Fact of="decoder" tip={facts.decoder.tip}>
        <span className={styles.ms}>{ms(timing?.decoderMs)}</span>
      </Fact>
    </>
  );
}

function Fact(props: {
  readonly of: Exclude<keyof Words['facts'], 'label'>;
  readonly tip: string;
  readonly children: ReactNode;
}): ReactElement {
  const { of, tip, children } = props;
  const { name } = useWords().facts[of];
  return (
    <Tip text={tip}>
      <div className={styles.fact} data-fact={of}>
        <dt>{name}</dt>
        <dd>{children}</dd>
      </div>
    </Tip>
  );
}
