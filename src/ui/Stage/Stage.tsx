/** The four panels of the reference figure, and a fifth one beside them. */
import { useRef } from 'react';
import { retry } from '../../actions/all.ts';
import { messageText } from '../../store/notices/message.ts';
import { resultStatus, shownResult } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { phaseText } from '../model-phase.ts';
import { NoticeCard, PlacedNotice } from '../Notice/NoticeCard.tsx';
import { useViewport } from '../Zoom/use-viewport.ts';
import { ZoomBar } from '../Zoom/ZoomBar.tsx';
import { InterpolationPanel } from './InterpolationPanel.tsx';
import { Legend } from './Legend.tsx';
import { Panel } from './Panel.tsx';
import { PatchGrid } from './PatchGrid.tsx';
import { PatchLine } from './PatchLine.tsx';
import styles from './Stage.module.css';
import { combinedScene, isLagging, maskedScene, originalScene, reconstructionScene } from './scene.ts';
import {
  combinedSummary,
  maskedCaption,
  maskedSummary,
  originalCaption,
  originalSummary,
  paintedCaption,
  reconstructionSummary,
  type Say,
} from './summaries.ts';

export function Stage() {
  const { stage: words } = useWords();
  const lagging = useLensState(isLagging);
  const painted = useLensState((state) => shownResult(state) !== null);
  const errors = useLensState((state) => state.view.errors);
  const interpolation = useLensState((state) => state.view.interpolation);
  const stage = useRef<HTMLElement>(null);
  useViewport(stage);
  return (
    <section ref={stage} className={styles.stage} aria-label={interpolation ? words.five : words.four}>
      <Panel
        title={words.titles.original}
        tip={words.tips.original}
        scene={originalScene}
        summary={originalSummary}
        place="original"
      >
        <Caption of={originalCaption} />
      </Panel>
      <Panel
        title={words.titles.masked}
        tip={words.tips.masked}
        scene={maskedScene}
        summary={maskedSummary}
        place="masked"
        over={<PatchGrid />}
      >
        <Caption of={maskedCaption} />
      </Panel>
      <Panel
        title={words.titles.reconstruction}
        tip={words.tips.reconstruction}
        scene={reconstructionScene}
        summary={reconstructionSummary}
        place="reconstruction"
        lagging={lagging}
        status={<Status />}
        blank={painted ? null : <Blank />}
      >
        <Caption of={paintedCaption} />
      </Panel>
      <Panel
        title={errors ? words.titles.errors : words.titles.combined}
        tip={errors ? words.tips.errors : words.tips.combined}
        scene={combinedScene}
        summary={combinedSummary}
        place="combined"
        lagging={lagging}
      >
        {errors ? <Legend /> : words.captions.combined}
      </Panel>
      {interpolation && <InterpolationPanel />}
      <div className={styles.foot}>
        <PatchLine />
        <ZoomBar />
      </div>
      <div className={styles.messages}>
        <RunFailure />
        <PlacedNotice place="stage" />
      </div>
    </section>
  );
}

function Caption({ of }: { readonly of: Say }) {
  return useLensWords(of);
}

/** Whether the painted panels are what the settings say; a place of its own, so that nothing moves. */
function Status() {
  const { stage } = useWords();
  const status = useLensState(resultStatus);
  const painted = useLensState((state) => shownResult(state) !== null);
  if (status === null || status === 'empty' || status === 'failed' || !painted) return null;
  return (
    <span className={styles.status} data-status={status}>
      {stage.status[status]}
    </span>
  );
}

/** Why the newest settings could not be painted; whatever was painted before stays. */
function RunFailure() {
  const lens = useLens();
  const words = useWords();
  const error = useLensState((state) => state.resultError);
  if (error === null) return null;
  return (
    <NoticeCard kind="error" onDismiss={lens.dismissRunFailure}>
      {messageText(error, words)}
      <ActionButton action={retry} />
    </NoticeCard>
  );
}

/** Why there is no reconstruction yet. */
function Blank() {
  const { stage, models } = useWords();
  const phase = useLensWords((state, words) => phaseText(state.model.phase, words));
  const ready = useLensState((state) => state.model.info !== null);
  const status = useLensState(resultStatus);
  const waiting = ready ? stage.painting : (phase ?? models.phase.waiting);
  const words = status === 'empty' || status === 'failed' ? null : waiting;
  return <div className={styles.blank}>{words}</div>;
}
