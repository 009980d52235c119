import type { PopupProps } from './PopupButton.tsx';

/**
 * Closing, except by a press on the popup's own button: the click that ends the press does that, and would open it
 * again otherwise.
 */
export function changeBy({
  anchor,
  onOpenChange,
}: PopupProps): (open: boolean, details: { readonly event: Event }) => void {
  return (open, { event }) => {
    const target = event instanceof FocusEvent ? event.relatedTarget : event.target;
    const onButton = target instanceof Node && anchor.current?.contains(target) === true;
    if (open || !onButton || event instanceof KeyboardEvent) onOpenChange(open);
  };
}
