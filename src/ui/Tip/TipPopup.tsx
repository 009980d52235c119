/** An explanation beside its control. */
import { Tooltip } from '@base-ui/react/tooltip';
import styles from './Tip.module.css';

export interface WordsProps {
  readonly text: string;
  readonly keys: readonly string[];
  readonly side: 'top' | 'bottom';
  readonly anchor: Element;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The pointer is on the words, which stay then. */
  readonly onHold: () => void;
  readonly onRelease: () => void;
}

export function TipPopup({ text, keys, side, anchor, open, onOpenChange, onHold, onRelease }: WordsProps) {
  return (
    <Tooltip.Root open={open} onOpenChange={onOpenChange}>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={anchor}
          side={side}
          sideOffset={8}
          collisionPadding={12}
          className={styles.positioner}
          aria-hidden
        >
          <Tooltip.Popup className={styles.popup} onPointerEnter={onHold} onPointerLeave={onRelease}>
            {text}
            {keys.map((key) => (
              <kbd key={key} className={styles.key}>
                {key}
              </kbd>
            ))}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
