/** The fifth panel: what can be painted from the same patches without having learned anything. */
import { retry } from '../../actions/all.ts';
import { messageText } from '../../store/notices/message.ts';
import { shownInterpolation } from '../../store/result/interpolation.ts';
import type { LensState } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { Losses } from '../Facts/Losses.tsx';
import { useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { Panel } from './Panel.tsx';
import styles from './Stage.module.css';
import { interpolationScene, isInterpolationLagging } from './scene.ts';
import { interpolationCaption, interpolationSummary } from './summaries.ts';

export function InterpolationPanel() {
  const { stage } = useWords();
  const lagging = useLensState(isInterpolationLagging);
  const caption = useLensWords(interpolationCaption);
  return (
    <Panel
      title={stage.titles.interpolation}
      tip={stage.tips.interpolation}
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
  const words = useWords();
  const failure = useLensState((state) => state.interpolationFailure);
  const waiting = useLensState(isWaiting);
  if (failure !== null) {
    return (
      <div className={styles.failure} role="alert">
        {messageText(failure.error, words)}
        <ActionButton action={retry} look="solid" />
      </div>
    );
  }
  return waiting ? <div className={styles.blank}>{words.stage.interpolating}</div> : null;
}

function isWaiting(state: LensState): boolean {
  return state.image !== null && shownInterpolation(state) === null;
}
