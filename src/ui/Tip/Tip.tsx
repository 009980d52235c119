/**
 * Explains a control on hover, on focus and on a long press; and to a screen reader as its description. There are
 * dozens on the page, so the control itself gets a few listeners only; what shows the words is loaded later.
 */
import { mergeProps } from '@base-ui/react/merge-props';
import {
  cloneElement,
  type ElementType,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from 'react';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLazyPart } from '../LazyPart/use-lazy-part.ts';
import type { WordsProps } from './TipPopup.tsx';

/** How long a pointer rests before words come. */
const HOVER_MS = 450;
/** How long a pointer may take from the control to the words, which then stay. */
const CROSSING_MS = 150;
const LONG_PRESS_MS = 500;
/** How long an explanation stays after the finger has left. */
const LINGER_MS = 4000;
/** A finger that moves further than this is dragging or scrolling. */
const SLACK_PX = 10;

export const tipPopup = lazyPart(async () => (await import('./TipPopup.tsx')).TipPopup);

export interface TipProps {
  readonly text: string;
  readonly keys?: readonly string[];
  readonly side?: 'top' | 'bottom';
  /** The control: one element that takes pointer events. */
  readonly children: ReactElement<object>;
}

export function Tip({ text, keys = [], side = 'top', children }: TipProps) {
  const { anchor, open, show, hideAfter, listeners } = useTip();
  return (
    <>
      {cloneElement(
        children,
        mergeProps<ElementType>({ 'aria-description': text, ...listeners }, children.props),
      )}
      {anchor !== null && (
        <Words
          text={text}
          keys={keys}
          side={side}
          anchor={anchor}
          open={open}
          onOpenChange={(next) => (next ? show(anchor, 0) : hideAfter(0))}
          onHold={() => show(anchor, 0)}
          onRelease={() => hideAfter(CROSSING_MS)}
        />
      )}
    </>
  );
}

/** They may stay away: a screen reader has them, and the next hover tries again. */
function Words(props: WordsProps) {
  const Popup = useLazyPart(tipPopup, props.open, null);
  return Popup === null ? null : <Popup {...props} />;
}

function useTip() {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [open, setOpen] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  const press = useRef({ x: 0, y: 0 });
  /** Whether a long press has shown it; the click that ends such a press does nothing else. */
  const pressed = useRef(false);
  /** Whether the focus comes from a pointer, which asks for nothing. */
  const byPointer = useRef(false);

  useEffect(() => () => window.clearTimeout(timer.current), []);

  function after(ms: number, then: () => void): void {
    window.clearTimeout(timer.current);
    if (ms === 0) then();
    else timer.current = window.setTimeout(then, ms);
  }
  function show(element: Element, ms: number): void {
    after(ms, () => {
      setAnchor(element);
      setOpen(true);
    });
  }
  function hideAfter(ms: number): void {
    after(ms, () => setOpen(false));
  }

  const listeners = {
    onPointerEnter({ currentTarget, pointerType }: PointerEvent) {
      if (pointerType !== 'touch') show(currentTarget, HOVER_MS);
    },
    onPointerLeave({ pointerType }: PointerEvent) {
      if (pointerType !== 'touch') hideAfter(CROSSING_MS);
    },
    onPointerDown({ currentTarget, pointerType, clientX, clientY }: PointerEvent) {
      byPointer.current = true;
      pressed.current = false;
      if (pointerType !== 'touch') {
        hideAfter(0);
        return;
      }
      press.current = { x: clientX, y: clientY };
      after(LONG_PRESS_MS, () => {
        pressed.current = true;
        show(currentTarget, 0);
      });
    },
    onPointerMove({ pointerType, clientX, clientY }: PointerEvent) {
      if (pointerType !== 'touch' || pressed.current) return;
      const { x, y } = press.current;
      if (Math.hypot(clientX - x, clientY - y) > SLACK_PX) window.clearTimeout(timer.current);
    },
    onPointerUp({ pointerType }: PointerEvent) {
      byPointer.current = false;
      if (pointerType !== 'touch') return;
      window.clearTimeout(timer.current);
      if (pressed.current) hideAfter(LINGER_MS);
    },
    onPointerCancel() {
      byPointer.current = false;
      window.clearTimeout(timer.current);
    },
    onFocus({ currentTarget, target }: FocusEvent) {
      if (!byPointer.current && target.matches(':focus-visible')) show(currentTarget, 0);
    },
    onBlur() {
      hideAfter(0);
    },
    onKeyDown({ key }: KeyboardEvent) {
      if (key === 'Escape') hideAfter(0);
    },
    onContextMenu(event: MouseEvent) {
      if (pressed.current) event.preventDefault();
    },
    onClickCapture(event: MouseEvent) {
      if (!pressed.current) return;
      pressed.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { anchor, open, show, hideAfter, listeners };
}
