/** Something that opens beneath what it belongs to, and scrolls into view. */
import type { ReactNode } from 'react';
import styles from './Models.module.css';

export function Card({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={label} ref={inView}>
      {children}
    </section>
  );
}

/** Of the pop-up only; browsers that do not know `container` may move the page behind it too. */
const IN_THE_POPUP: ScrollIntoViewOptions & { readonly container: 'nearest' } = {
  block: 'nearest',
  container: 'nearest',
};

/** A ref that brings an element into view as it appears. */
export function inView(element: HTMLElement | null): void {
  element?.scrollIntoView?.(IN_THE_POPUP);
}
