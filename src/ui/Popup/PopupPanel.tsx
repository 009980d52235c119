/** The panel that a PopupButton opens below itself. */
import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { changeBy } from './dismissal.ts';
import type { PopupProps } from './PopupButton.tsx';
import styles from './PopupPanel.module.css';

export interface PopupPanelProps extends PopupProps {
  readonly align: 'start' | 'end';
  /** Between button and panel, in pixels. */
  readonly sideOffset: number;
  /** Always below its button: it scrolls rather than moving aside when it grows. */
  readonly scrolls?: boolean;
  /** Its width, its padding and how its content is laid out. */
  readonly className: string | undefined;
  readonly children: ReactNode;
}

const BELOW = { side: 'none', align: 'shift', fallbackAxisSide: 'none' } as const;

export function PopupPanel(props: PopupPanelProps) {
  const { align, sideOffset, scrolls = false, className, children } = props;
  return (
    <Popover.Root open={props.open} onOpenChange={changeBy(props)}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={props.anchor}
          side="bottom"
          align={align}
          sideOffset={sideOffset}
          collisionPadding={12}
          {...(scrolls ? { collisionAvoidance: BELOW } : {})}
          className={styles.positioner}
        >
          <Popover.Popup
            id={props.id}
            className={`${styles.panel} ${scrolls ? styles.scrolls : ''} ${className}`}
            finalFocus={props.anchor}
          >
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
