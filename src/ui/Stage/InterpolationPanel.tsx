/** The fifth panel: what can be painted from the same patches without having learned anything. */
import { retry } from '../../actions/all.ts';
import { shownInterpolation } from '../../store/result/interpolation.ts';
import type { LensState } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { Losses } from '../Facts/Losses.tsx';
import { useLensState } from '../lens-context.tsx';
import { Panel } from './Panel.tsx';
import styles from './Stage.module.css';
import { interpolationScene, isInterpolationLagging } from './scene.ts';
import { interpolationCaption, interpolationSummary } from './summaries.ts';

export function InterpolationPanel() {
  const lagging = useLensState(isInterpolationLagging);
  const caption = useLensState(interpolationCaption);
  return (
    <Panel
      title="interpolation"
      tip="Harmonic inpainting: every hidden pixel is the mean of its four neighbours. No model and no training, so it shows what can be had without them."
      scene={interpolationScene}
      summary={interpolationSummary}
      place="interpolation"
      lagging={lagging}
      blank={<Blank />}
    >
      {caption}
      <span className={styles.beside}>
        <Losses />
      </span>
    </Panel>
  );
}

/** Why there is none, or not the right one. */
function Blank() {
  const failure = useLensState((state) => state.interpolationFailure);
  const waiting = useLensState(isWaiting);
  if (failure !== null) {
    return (
      <div className={styles.failure} role="alert">
        {failure.error.message}
        <ActionButton action={retry} look="solid" />
      </div>
    );
  }
  return waiting ? <div className={styles.blank}>interpolating…</div> : null;
}

function isWaiting(state: LensState): boolean {
  return state.image !== null && shownInterpolation(state) === null;
}
