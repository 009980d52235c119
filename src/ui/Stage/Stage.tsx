/** The four panels of the reference figure. */
import type { PointerEvent, ReactNode } from 'react';
import { retry } from '../../actions/all.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import { NoticeCard, PlacedNotice } from '../Notice/NoticeCard.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { phaseLabel } from '../words.ts';
import { Legend } from './Legend.tsx';
import { PanelCanvas } from './PanelCanvas.tsx';
import { PatchGrid } from './PatchGrid.tsx';
import { PatchLine } from './PatchLine.tsx';
import { PatchMark } from './PatchMark.tsx';
import { cellAt } from './pointing.ts';
import styles from './Stage.module.css';
import {
  combinedScene,
  isLagging,
  maskedScene,
  originalScene,
  reconstructionScene,
  type SceneOf,
} from './scene.ts';
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
  return (
    <section className={styles.stage} aria-label="The four panels">
      <Panel
        title="original"
        tip="The picture as the model gets it: a small square, whatever shape it had."
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
      <PatchLine />
      <div className={styles.messages}>
        <RunFailure />
        <PlacedNotice place="stage" />
      </div>
    </section>
  );
}

interface PanelProps {
  readonly title: string;
  readonly tip: string;
  readonly scene: SceneOf;
  readonly summary: (state: LensState) => string;
  readonly place: 'original' | 'masked' | 'reconstruction' | 'combined';
  readonly lagging?: boolean;
  readonly status?: ReactNode;
  /** Lies over the panel while it has nothing to show. */
  readonly blank?: ReactNode;
  /** Lies over the panel and is used with it. */
  readonly over?: ReactNode;
  readonly children: ReactNode;
}

function Panel(props: PanelProps) {
  const { title, tip, scene, summary, place, lagging = false, status, blank, over, children } = props;
  const lens = useLens();
  const words = useLensState(summary);
  const grid = useLensState((state) => state.masking.grid);
  const errors = useLensState((state) => state.view.errors);
  const point = (event: PointerEvent): void => lens.pointAt(cellAt(event, event.currentTarget, grid));
  return (
    <figure
      className={styles.panel}
      data-place={place}
      data-lagging={lagging}
      data-errors={place === 'combined' && errors}
    >
      <div className={styles.head}>
        <Tip text={tip}>
          <h2 className={styles.title}>{title}</h2>
        </Tip>
        {status}
      </div>
      <div
        className={styles.frame}
        onPointerDown={point}
        onPointerMove={point}
        // A finger leaves with every touch; what it touched stays.
        onPointerLeave={(event) => event.pointerType !== 'touch' && lens.pointAt(null)}
      >
        <PanelCanvas scene={scene} summary={words} />
        {over}
        <PatchMark />
        {blank}
      </div>
      <figcaption className={styles.caption}>{children}</figcaption>
    </figure>
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
