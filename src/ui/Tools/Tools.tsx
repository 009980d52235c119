/** One quiet strip beneath the controls: the brush, what is shown of the patches, and what can be taken along. */
import { Brush, PaintBucket, SquareDashed } from 'lucide-react';
import { patchGrid } from '../../actions/all.ts';
import {
  clearPaint,
  compare,
  copyLink,
  hideAll,
  invertMask,
  redoMask,
  showAll,
  showErrors,
  showOrder,
  showPython,
  undoMask,
} from '../../actions/masks.ts';
import { showRuns } from '../../actions/runs.ts';
import { showInterpolation } from '../../actions/view.ts';
import type { BrushTool } from '../../store/view/view-state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { Shown } from '../Frame/Shown.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import { PlacedNotice } from '../Notice/NoticeCard.tsx';
import { SaveButton } from '../Save/SaveButton.tsx';
import { brushHint } from '../Stage/patches.ts';
import { useRunsState } from '../Sweep/use-runs.ts';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Tools.module.css';

export function Tools() {
  const { patchGrid: grid, order, errors, interpolation } = useLensState((state) => state.view);
  const runs = useRunsState((state) => state.open);
  const hint = useLensState(brushHint);
  return (
    <section className={styles.tools} aria-label="Tools">
      <div className={styles.messages}>
        <PlacedNotice place="tools" />
      </div>
      <Shown part="brush">
        <p className={styles.hint}>{hint}</p>
        <div className={`${styles.group} ${styles.brushing}`}>
          <BrushTools />
          <span className={styles.rule} aria-hidden />
          <ActionButton action={undoMask} look="icon" />
          <ActionButton action={redoMask} look="icon" />
          <span className={styles.rule} aria-hidden />
          <ActionButton action={invertMask} look="icon" />
          <ActionButton action={hideAll} look="icon" />
          <ActionButton action={showAll} look="icon" />
          <ActionButton action={clearPaint} look="icon" />
        </div>
      </Shown>
      <div className={styles.group}>
        <ActionButton action={patchGrid} look="icon" pressed={grid} />
        <ActionButton action={showOrder} look="icon" pressed={order} />
        <ActionButton action={showErrors} look="icon" pressed={errors} />
        <ActionButton action={showInterpolation} look="icon" pressed={interpolation} />
        <ActionButton action={compare} look="icon" />
        <ActionButton action={showRuns} look="icon" pressed={runs} />
      </div>
      <Shown part="tools">
        <div className={styles.end}>
          <ActionButton action={copyLink} />
          <ActionButton action={showPython} />
          <SaveButton />
        </div>
      </Shown>
    </section>
  );
}

const TOOLS: readonly {
  readonly tool: BrushTool;
  readonly name: string;
  readonly words: string;
  readonly icon: typeof Brush;
}[] = [
  {
    tool: 'cells',
    name: 'Brush',
    words: 'Drag on the masked image to hide or reveal patches. With Shift it draws a rectangle.',
    icon: Brush,
  },
  {
    tool: 'rectangle',
    name: 'Rectangle',
    words: 'Drag on the masked image to hide or reveal a rectangle.',
    icon: SquareDashed,
  },
  {
    tool: 'fill',
    name: 'Fill',
    words: 'Click on the masked image to turn a patch and all that hang together with it.',
    icon: PaintBucket,
  },
];

function BrushTools() {
  const lens = useLens();
  const chosen = useLensState((state) => state.view.tool);
  return (
    <div role="radiogroup" aria-label="Brush" className={styles.brushes}>
      {TOOLS.map(({ tool, name, words, icon: Icon }) => (
        <Tip key={tool} text={words}>
          <label className={styles.brush}>
            <input
              type="radio"
              name="brush"
              aria-label={name}
              checked={tool === chosen}
              onChange={() => lens.setTool(tool)}
            />
            <Icon aria-hidden />
          </label>
        </Tip>
      ))}
    </div>
  );
}
