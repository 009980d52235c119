/** One quiet strip beneath the controls: the brush, what is shown of the patches, and what can be taken along. */
import { Brush, PaintBucket, SquareDashed } from 'lucide-react';
import { patchGrid } from '../../actions/all.ts';
import {
  clearPaint,
  compare,
  copyLink,
  invertMask,
  keepAll,
  maskAll,
  redoMask,
  showErrors,
  showOrder,
  showPython,
  undoMask,
} from '../../actions/masks.ts';
import { showSweep } from '../../actions/sweep.ts';
import { showInterpolation } from '../../actions/view.ts';
import type { BrushTool } from '../../store/view/view-state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { UnlessHidden } from '../Frame/UnlessHidden.tsx';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { PlacedNotice } from '../Notice/NoticeCard.tsx';
import { SaveButton } from '../Save/SaveButton.tsx';
import { brushHint } from '../Stage/patches.ts';
import { useSweeps } from '../Sweep/use-sweeps.ts';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Tools.module.css';

export function Tools() {
  const { page } = useWords();
  const { patchGrid: grid, order, errors, interpolation } = useLensState((state) => state.view);
  const runs = useSweeps((state) => state.open);
  const hint = useLensWords(brushHint);
  return (
    <section className={styles.tools} aria-label={page.tools}>
      <div className={styles.messages}>
        <PlacedNotice place="tools" />
      </div>
      <UnlessHidden name="brush">
        <p className={styles.hint}>{hint}</p>
        <div className={`${styles.group} ${styles.brushing}`}>
          <BrushTools />
          <span className={styles.rule} aria-hidden />
          <ActionButton action={undoMask} look="icon" />
          <ActionButton action={redoMask} look="icon" />
          <span className={styles.rule} aria-hidden />
          <ActionButton action={invertMask} look="icon" />
          <ActionButton action={maskAll} look="icon" />
          <ActionButton action={keepAll} look="icon" />
          <ActionButton action={clearPaint} look="icon" />
        </div>
      </UnlessHidden>
      <div className={styles.group}>
        <ActionButton action={patchGrid} look="icon" pressed={grid} />
        <ActionButton action={showOrder} look="icon" pressed={order} />
        <ActionButton action={showErrors} look="icon" pressed={errors} />
        <ActionButton action={showInterpolation} look="icon" pressed={interpolation} />
        <ActionButton action={compare} look="icon" />
        <ActionButton action={showSweep} look="icon" pressed={runs} />
      </div>
      <UnlessHidden name="tools">
        <div className={styles.end}>
          <ActionButton action={copyLink} />
          <ActionButton action={showPython} />
          <SaveButton />
        </div>
      </UnlessHidden>
    </section>
  );
}

const TOOLS: readonly { readonly tool: BrushTool; readonly icon: typeof Brush }[] = [
  { tool: 'cells', icon: Brush },
  { tool: 'rectangle', icon: SquareDashed },
  { tool: 'fill', icon: PaintBucket },
];

function BrushTools() {
  const lens = useLens();
  const { brush } = useWords().mask;
  const chosen = useLensState((state) => state.view.tool);
  return (
    <div role="radiogroup" aria-label={brush.label} className={styles.brushes}>
      {TOOLS.map(({ tool, icon: Icon }) => (
        <Tip key={tool} text={brush.tools[tool].tip}>
          <label className={styles.brush}>
            <input
              type="radio"
              name="brush"
              aria-label={brush.tools[tool].name}
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
