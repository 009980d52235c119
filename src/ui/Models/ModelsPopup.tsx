/** Everything about models, below the button with the model's name. */
import { Popover } from '@base-ui/react/popover';
import header from '../Header/Header.module.css';
import { changeBy } from '../Popup/dismissal.ts';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import styles from './Models.module.css';
import { Models } from './Models.tsx';

export function ModelsPopup(props: PopupProps) {
  return (
    <Popover.Root open={props.open} onOpenChange={changeBy(props)}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={props.anchor}
          side="bottom"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          // Always below its name: the list scrolls rather than moving aside when it grows.
          collisionAvoidance={{ side: 'none', align: 'shift', fallbackAxisSide: 'none' }}
          className={header.positioner}
        >
          <Popover.Popup id={props.id} className={styles.popup} finalFocus={props.anchor}>
            <Models />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
