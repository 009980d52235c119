/** Explains a control on hover, on focus and on a long press; and to a screen reader as its description. */
import { Tooltip } from '@base-ui/react/tooltip';
import { type MouseEvent, type PointerEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import styles from './Tip.module.css';

const LONG_PRESS_MS = 500;
/** How long an explanation stays after the finger has left. */
const LINGER_MS = 4000;
/** A finger that moves further than this is dragging or scrolling. */
const SLACK_PX = 10;

export interface TipProps {
  readonly text: string;
  readonly keys?: readonly string[];
  readonly side?: 'top' | 'bottom';
  /** The control: one element that takes a ref and pointer events. */
  readonly children: ReactElement;
}

export function Tip({ text, keys = [], side = 'top', children }: TipProps) {
  const [open, setOpen] = useState(false);
  const longPress = useLongPress(setOpen);

  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger delay={450} render={children} aria-description={text} {...longPress} />
      <Tooltip.Portal>
        <Tooltip.Positioner
          side={side}
          sideOffset={8}
          collisionPadding={12}
          className={styles.positioner}
          aria-hidden
        >
          <Tooltip.Popup className={styles.popup}>
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

/** Shows on a long press of a finger; the click that ends such a press does nothing else. */
function useLongPress(setOpen: (open: boolean) => void) {
  const timer = useRef<number | undefined>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const shown = useRef(false);

  useEffect(() => () => window.clearTimeout(timer.current), []);

  return {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType !== 'touch') return;
      shown.current = false;
      start.current = { x: event.clientX, y: event.clientY };
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        shown.current = true;
        setOpen(true);
      }, LONG_PRESS_MS);
    },
    onPointerMove(event: PointerEvent) {
      const { x, y } = start.current;
      if (!shown.current && Math.hypot(event.clientX - x, event.clientY - y) > SLACK_PX) {
        window.clearTimeout(timer.current);
      }
    },
    onPointerUp() {
      window.clearTimeout(timer.current);
      if (shown.current) timer.current = window.setTimeout(() => setOpen(false), LINGER_MS);
    },
    onPointerCancel() {
      window.clearTimeout(timer.current);
    },
    onContextMenu(event: MouseEvent) {
      if (shown.current) event.preventDefault();
    },
    onClickCapture(event: MouseEvent) {
      if (!shown.current) return;
      shown.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
