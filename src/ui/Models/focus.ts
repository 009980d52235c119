/** Moves the focus to the main control of the part of the list that an element is in, before that element goes. */
export function focusMain(element: HTMLElement): void {
  element.closest('[data-spot]')?.querySelector<HTMLElement>('[data-main]')?.focus();
}
