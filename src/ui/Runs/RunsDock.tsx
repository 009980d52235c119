/** The place of several runs beside the pictures. What is in it is loaded when it is first opened. */
import { type ComponentType, useEffect, useState } from 'react';
import { useLens } from '../lens-context.tsx';
import styles from './RunsDock.module.css';
import { useRunsState } from './use-runs.ts';

export function RunsDock() {
  const lens = useLens();
  const open = useRunsState((state) => state.open);
  const [content, setContent] = useState<{ readonly Runs: ComponentType } | null>(null);

  useEffect(() => {
    if (!open || content !== null) return;
    let wanted = true;
    import('./Runs.tsx').then(
      (loaded) => wanted && setContent(loaded),
      () => {
        if (!wanted) return;
        lens.runs.setOpen(false);
        lens.tell(
          'error',
          'This part of the page could not be loaded. Are you online? Open it once more.',
          'tools',
        );
      },
    );
    return () => {
      wanted = false;
    };
  }, [open, content, lens]);

  if (!open) return null;
  return <div className={styles.dock}>{content !== null && <content.Runs />}</div>;
}
