/** An image that several runs gave. Patches pointed at here are marked on the stage too, and the other way round. */
import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import { sameGrid } from '../../mae/geometry.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { PatchMark } from '../Stage/PatchMark.tsx';
import { paint } from '../Stage/paint.ts';
import { cellAt } from '../Stage/pointing.ts';
import type { Scene } from '../Stage/scene.ts';
import styles from './SweepPanel.module.css';

/** The longer side in device pixels: about what a panel of this size needs on a fine screen. */
const LONGEST = 560;

export function SweepImage({ scene, summary }: { readonly scene: Scene; readonly summary: string }) {
  const lens = useLens();
  const ref = useRef<HTMLCanvasElement>(null);
  const { rows, columns } = scene.grid;
  const onStage = useLensState((state) => sameGrid(state.masking.grid, scene.grid));

  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas != null && context != null) paint(context, canvas, 1, scene);
  }, [scene]);

  const point = (event: PointerEvent): void => {
    if (onStage) lens.pointAt(cellAt(event, event.currentTarget, scene.grid));
  };
  return (
    <div
      className={styles.image}
      style={{ aspectRatio: `${columns} / ${rows}` }}
      onPointerDown={point}
      onPointerMove={point}
      // A finger leaves with every touch; what it touched stays.
      onPointerLeave={(event) => event.pointerType !== 'touch' && lens.pointAt(null)}
    >
      <canvas
        ref={ref}
        className={styles.canvas}
        role="img"
        aria-label={summary}
        width={Math.round((LONGEST * columns) / Math.max(rows, columns))}
        height={Math.round((LONGEST * rows) / Math.max(rows, columns))}
      />
      {onStage && <PatchMark />}
    </div>
  );
}
