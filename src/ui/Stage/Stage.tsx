/** The four panels of the reference figure, and a fifth one beside them. */
import { useRef } from 'react';
import { retry } from '../../actions/all.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import { NoticeCard, PlacedNotice } from '../Notice/NoticeCard.tsx';
import { phaseLabel } from '../words.ts';
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
} from './summaries.ts';

export function Stage() {
  const lagging = useLensState(isLagging);
  const painted = useLensState((state) => shownResult(state) !== null);
  const reconstruction = useLensState(paintedCaption);
  const errors = useLensState((state) => state.view.errors);
  const interpolation = useLensState((state) => state.view.interpolation);
  const stage = useRef<HTMLElement>(null);
  useViewport(stage);
  return (
    <section
      ref={stage}
      className={styles.stage}
      aria-label={interpolation ? 'The five panels' : 'The four panels'}
    >
      <Panel
        title="original"
        tip="The image as the model gets it: a small square, whatever shape it had."
        scene={originalScene}
        summary={originalSummary}
        place="original"
      >
        <Words of={originalCaption} />
      </Panel>
      <Panel
        title="masked"
        tip="Grey patches are hidden. The encoder never gets them, not even as grey."
        scene={maskedScene}
        summary={maskedSummary}
        place="masked"
        over={<PatchGrid />}
      >
        <Words of={maskedCaption} />
      </Panel>
      <Panel
        title="reconstruction"
        tip="Every patch as the decoder paints it, those too that the encoder saw."
        scene={reconstructionScene}
        summary={reconstructionSummary}
        place="reconstruction"
        lagging={lagging}
        status={<Status />}
        blank={painted ? null : <Blank />}
      >
        {reconstruction} What it saw looks worse: only hidden patches were graded.
      </Panel>
      <Panel
        title={errors ? 'error per patch' : 'reconstruction + visible'}
        tip={
          errors
            ? 'How far each painted patch is from the original. Patches that were seen are dimmed: they are not graded.'
            : 'The painted patches, with the ones that were seen put back in their places.'
        }
        scene={combinedScene}
        summary={combinedSummary}
        place="combined"
        lagging={lagging}
      >
        {errors ? <Legend /> : 'Painted where it was hidden, the original where it was not.'}
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

function Words({ of }: { readonly of: (state: LensState) => string }) {
  return useLensState(of);
}

const STATUS_WORDS = {
  precomputed: 'precomputed',
  'catching-up': 'catching up…',
  'waiting-for-model': 'waiting for the model',
} as const;

/** Whether the painted panels are what the settings say; a place of its own, so that nothing moves. */
function Status() {
  const status = useLensState(resultStatus);
  const painted = useLensState((state) => shownResult(state) !== null);
  if (status === null || status === 'empty' || status === 'failed' || !painted) return null;
  return (
    <span className={styles.status} data-status={status}>
      {STATUS_WORDS[status]}
    </span>
  );
}

/** Why the newest settings could not be painted; whatever was painted before stays. */
function RunFailure() {
  const lens = useLens();
  const error = useLensState((state) => state.resultError);
  if (error === null) return null;
  return (
    <NoticeCard kind="error" onDismiss={lens.dismissRunFailure}>
      {error.message}
      <ActionButton action={retry} />
    </NoticeCard>
  );
}

/** Why there is no reconstruction yet. */
function Blank() {
  const phase = useLensState((state) => phaseLabel(state.model.phase));
  const ready = useLensState((state) => state.model.info !== null);
  const status = useLensState(resultStatus);
  const waiting = ready ? 'painting…' : (phase ?? 'waiting for the model');
  const words = status === 'empty' || status === 'failed' ? null : waiting;
  return <div className={styles.blank}>{words}</div>;
}
