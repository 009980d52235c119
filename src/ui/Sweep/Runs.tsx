/** Several runs: averages over seeds, and the loss over ratios. Not a dialog: the page beside it stays in use. */
import { Tabs } from '@base-ui/react/tabs';
import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import button from '../Button/Button.module.css';
import { useLens } from '../lens-context.tsx';
import { Ratios } from './Ratios.tsx';
import styles from './Runs.module.css';
import { Seeds } from './Seeds.tsx';
import { useRunsState } from './use-runs.ts';

export function Runs() {
  const { runs } = useLens();
  const kind = useRunsState((state) => state.kind);
  const title = useRef<HTMLHeadingElement>(null);

  // Focus comes here, and goes back to where it was. The images stay in sight.
  useEffect(() => {
    const before = document.activeElement;
    title.current?.focus({ preventScroll: true });
    const images = document.querySelector('main');
    if (images !== null && images.getBoundingClientRect().top < 0) images.scrollIntoView();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    runs.setOpen(false);
  };

  return (
    <section className={styles.runs} aria-labelledby="runs-title" onKeyDown={close}>
      <div className={styles.head}>
        <h2 id="runs-title" ref={title} tabIndex={-1} className={styles.title}>
          Several runs
        </h2>
        <button
          type="button"
          className={`${button.button} ${button.icon} ${styles.close}`}
          aria-label="Close the runs"
          onClick={() => runs.setOpen(false)}
        >
          <X aria-hidden size={18} />
        </button>
      </div>
      <Tabs.Root
        value={kind}
        onValueChange={(value: unknown) => runs.show(value === 'ratios' ? 'ratios' : 'seeds')}
      >
        <Tabs.List className={styles.tabs} activateOnFocus aria-label="What the runs differ in">
          <Tabs.Tab value="seeds" className={styles.tab}>
            Many seeds
          </Tabs.Tab>
          <Tabs.Tab value="ratios" className={styles.tab}>
            All ratios
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="seeds" className={styles.panel}>
          <Seeds />
        </Tabs.Panel>
        <Tabs.Panel value="ratios" className={styles.panel}>
          <Ratios />
        </Tabs.Panel>
      </Tabs.Root>
    </section>
  );
}
