/** Several runs: averages over seeds, and the loss over ratios. Not a dialog: the page beside it stays in use. */
import { Tabs } from '@base-ui/react/tabs';
import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import button from '../Button/Button.module.css';
import { useLens, useWords } from '../lens-context.tsx';
import { Ratios } from './Ratios.tsx';
import { Seeds } from './Seeds.tsx';
import styles from './SweepPanel.module.css';
import { useSweeps } from './use-sweeps.ts';

export function SweepPanel() {
  const { sweeps } = useLens();
  const words = useWords().sweep;
  const kind = useSweeps((state) => state.kind);
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
    sweeps.setOpen(false);
  };

  return (
    <section className={styles.runs} aria-labelledby="runs-title" onKeyDown={close}>
      <div className={styles.head}>
        <h2 id="runs-title" ref={title} tabIndex={-1} className={styles.title}>
          {words.title}
        </h2>
        <button
          type="button"
          className={`${button.button} ${button.icon} ${styles.close}`}
          aria-label={words.close}
          onClick={() => sweeps.setOpen(false)}
        >
          <X aria-hidden size={18} />
        </button>
      </div>
      <Tabs.Root
        value={kind}
        onValueChange={(value: unknown) => sweeps.show(value === 'ratios' ? 'ratios' : 'seeds')}
      >
        <Tabs.List className={styles.tabs} activateOnFocus aria-label={words.kinds}>
          <Tabs.Tab value="seeds" className={styles.tab}>
            {words.seeds.tab}
          </Tabs.Tab>
          <Tabs.Tab value="ratios" className={styles.tab}>
            {words.ratios.tab}
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
