/** Everything about models, below the button with the model's name. */
import type { PopupProps } from '../Popup/PopupButton.tsx';
import { PopupPanel } from '../Popup/PopupPanel.tsx';
import styles from './Models.module.css';
import { Models } from './Models.tsx';

export function ModelsPopup(props: PopupProps) {
  return (
    <PopupPanel {...props} align="start" sideOffset={6} scrolls className={styles.popup}>
      <Models />
    </PopupPanel>
  );
}
