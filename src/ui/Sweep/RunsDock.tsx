/** The place of several runs beside the images. What is in it is loaded when the page is idle, or when it is opened. */
import { part } from '../LazyPart/lazy-part.ts';
import { usePart } from '../LazyPart/use-lazy-part.ts';
import { useLens } from '../lens-context.tsx';
import styles from './RunsDock.module.css';
import { useRunsState } from './use-runs.ts';

export const runsPart = part(async () => (await import('./Runs.tsx')).Runs);

export function RunsDock() {
  const lens = useLens();
  const open = useRunsState((state) => state.open);
  const Runs = usePart(runsPart, open, { place: 'tools', giveUp: () => lens.runs.setOpen(false) });
  if (!open) return null;
  return <div className={styles.dock}>{Runs !== null && <Runs />}</div>;
}
