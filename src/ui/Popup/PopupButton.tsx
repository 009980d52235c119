/** A button with something behind it that is loaded later: when the page is idle, or when a hand comes near. */
import { type ReactNode, type RefObject, useId, useRef } from 'react';
import type { Place } from '../../store/notices/notice-state.ts';
import type { LazyPart } from '../LazyPart/lazy-part.ts';
import { useLazyPart } from '../LazyPart/use-lazy-part.ts';
import { Tip } from '../Tip/Tip.tsx';

/** What a popup gets of its button. */
export interface PopupProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  /** For the popup, since the button names what it controls. */
  readonly id: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export interface PopupButtonProps {
  readonly popup: LazyPart<PopupProps>;
  readonly kind: 'dialog' | 'menu';
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Where it is told that the popup could not be loaded. */
  readonly place: Place;
  readonly tip: string;
  readonly tipSide?: 'top' | 'bottom';
  readonly className: string | undefined;
  /** In place of what the button shows. */
  readonly label?: string;
  readonly children: ReactNode;
}

export function PopupButton(props: PopupButtonProps) {
  const { popup, kind, open, onOpenChange, place, tip, tipSide = 'top', className, label, children } = props;
  const anchor = useRef<HTMLButtonElement>(null);
  const id = useId();
  const Popup = useLazyPart(popup, open, { place, giveUp: () => onOpenChange(false) });
  const comeNear = (): void => {
    // Told when it is really wanted.
    popup.load().catch(() => undefined);
  };
  return (
    <>
      <Tip text={tip} side={tipSide}>
        <button
          ref={anchor}
          type="button"
          className={className}
          aria-label={label}
          aria-haspopup={kind}
          aria-expanded={open}
          aria-controls={open && Popup !== null ? id : undefined}
          data-popup-open={open ? '' : undefined}
          onPointerEnter={comeNear}
          onFocus={comeNear}
          onClick={() => onOpenChange(!open)}
        >
          {children}
        </button>
      </Tip>
      {Popup !== null && <Popup anchor={anchor} id={id} open={open} onOpenChange={onOpenChange} />}
    </>
  );
}
