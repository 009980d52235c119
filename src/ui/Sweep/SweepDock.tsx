/** The place of several runs beside the images. What is in it is loaded when the page is idle, or when it is opened. */
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLazyPart } from '../LazyPart/use-lazy-part.ts';
import { useLens } from '../lens-context.tsx';
import styles from './SweepDock.module.css';
import { useSweeps } from './use-sweeps.ts';

export const sweepPanel = lazyPart(async () => (await import('./SweepPanel.tsx')).SweepPanel);

export function SweepDock() {
  const lens = useLens();
  const open = useSweeps((state) => state.open);
  const SweepPanel = useLazyPart(sweepPanel, open, {
    place: 'tools',
    giveUp: () => lens.sweeps.setOpen(false),
  });
  if (!open) return null;
  return <div className={styles.dock}>{SweepPanel !== null && <SweepPanel />}</div>;
}
