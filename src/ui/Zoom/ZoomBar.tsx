/** How much the panels are enlarged, and the buttons for it. */
import { zoomFit, zoomIn, zoomOut } from '../../actions/view.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLensState, useLensWords } from '../lens-context.tsx';
import styles from './ZoomBar.module.css';

export function ZoomBar() {
  const level = useLensWords(({ viewport }, { quantities }) => quantities.zoom(viewport.zoom));
  const label = useLensWords(({ viewport }, { stage }) => stage.zoom(viewport.zoom));
  const zoomed = useLensState(({ viewport }) => viewport.zoom > 1);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div role="group" aria-label={label} className={styles.bar} data-zoomed={zoomed}>
      <ActionButton action={zoomOut} look="icon" />
      <span className={styles.level} aria-hidden>
        {level}
      </span>
      <ActionButton action={zoomIn} look="icon" />
      <ActionButton action={zoomFit} look="icon" />
    </div>
  );
}
