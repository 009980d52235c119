/** One panel: its title, its image, what lies over it, and what it says. */
import { type PointerEvent, type ReactNode, useRef } from 'react';
import { useLens, useLensState, useLensWords } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { PanelCanvas } from './PanelCanvas.tsx';
import { PatchMark } from './PatchMark.tsx';
import { cellAt } from './pointing.ts';
import styles from './Stage.module.css';
import type { SceneOf } from './scene.ts';
import type { Say } from './summaries.ts';

interface PanelProps {
  readonly title: string;
  readonly tip: string;
  readonly scene: SceneOf;
  readonly summary: Say;
  readonly place: 'original' | 'masked' | 'reconstruction' | 'combined' | 'interpolation';
  readonly lagging?: boolean;
  readonly status?: ReactNode;
  /** Lies over the panel while it has nothing to show. */
  readonly blank?: ReactNode;
  /** Lies over the panel and is used with it. */
  readonly over?: ReactNode;
  readonly children: ReactNode;
}

export function Panel(props: PanelProps) {
  const { title, tip, scene, summary, place, lagging = false, status, blank, over, children } = props;
  const lens = useLens();
  const said = useLensWords(summary);
  const grid = useLensState((state) => state.masking.grid);
  const errors = useLensState((state) => state.view.errors);
  const space = useRef<HTMLDivElement>(null);
  const point = (event: PointerEvent): void =>
    lens.pointAt(cellAt(event, space.current ?? event.currentTarget, grid));
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
        data-viewport={place === 'masked' ? 'paint' : 'pan'}
        onPointerDown={point}
        onPointerMove={point}
        // A finger leaves with every touch; what it touched stays.
        onPointerLeave={(event) => event.pointerType !== 'touch' && lens.pointAt(null)}
      >
        <PanelCanvas scene={scene} summary={said} />
        <div ref={space} className={styles.space}>
          {over}
          <PatchMark />
        </div>
        {blank}
      </div>
      <figcaption className={styles.caption}>{children}</figcaption>
    </figure>
  );
}
