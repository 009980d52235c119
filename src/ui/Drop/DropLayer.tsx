/** Takes images and models dropped anywhere on the page or pasted into it. */
import { ImageDown } from 'lucide-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Lens } from '../../store/lens.ts';
import { sortFiles, takenMessages } from '../../store/model/model-files.ts';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLazyPart } from '../LazyPart/use-lazy-part.ts';
import { useLens, useWords } from '../lens-context.tsx';
import styles from './DropLayer.module.css';
import type { DragListeners } from './DropZone.tsx';

/** Reads whole folders; without it a drop is its files alone. */
export const dropZone = lazyPart(async () => (await import('./DropZone.tsx')).DropZone);

export function DropLayer({ children }: { readonly children: ReactNode }) {
  const lens = useLens();
  const words = useWords().page.drop;
  const page = useRef<HTMLDivElement>(null);
  const DropZone = useLazyPart(dropZone, false, null);
  const zone = useRef<DragListeners>(PLAIN);
  const { over, enter, leave, end } = useDragOver();
  const take = (files: readonly File[]): void => void openDropped(lens, files);

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void openDropped(lens, files);
      } else if (!(event.target instanceof HTMLInputElement)) {
        lens.tell('error', { key: 'clipboard-without-image' }, 'stage');
      }
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [lens]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it takes what a pointer drops; there are buttons for the same.
    <div
      ref={page}
      className={styles.page}
      onDragEnter={(event) => {
        enter(event);
        zone.current.onDragEnter(event);
      }}
      onDragOver={(event) => zone.current.onDragOver(event)}
      onDragLeave={(event) => {
        leave(event);
        zone.current.onDragLeave(event);
      }}
      onDrop={(event) => {
        end();
        if (zone.current !== PLAIN) zone.current.onDrop(event);
        else {
          event.preventDefault();
          take([...event.dataTransfer.files]);
        }
      }}
    >
      {children}
      {over && (
        <div className={styles.overlay}>
          <ImageDown aria-hidden className={styles.icon} />
          <p>{words.image}</p>
          <p className={styles.also}>{words.model}</p>
        </div>
      )}
      {DropZone !== null && <DropZone page={page} listeners={zone} onDrop={take} />}
    </div>
  );
}

/** Whether files are being dragged over the page. Not every browser says where a drag goes when it leaves an element. */
function useDragOver() {
  const [over, setOver] = useState(false);
  const entered = useRef<readonly EventTarget[]>([]);
  const keep = (targets: readonly EventTarget[]): void => {
    entered.current = targets;
    setOver(targets.length > 0);
  };
  return {
    over,
    enter({ target, dataTransfer }: DragEvent) {
      if (dataTransfer.types.includes('Files')) keep([...entered.current, target]);
    },
    leave({ target }: DragEvent) {
      const still = (other: EventTarget) => other !== target && other instanceof Node && other.isConnected;
      keep(entered.current.filter(still));
    },
    end: () => keep([]),
  };
}

/** Until the zone is there: the browser must not leave the page for a file that is dropped on it. */
const PLAIN: DragListeners = {
  onDragEnter: () => void dropZone.load().catch(() => undefined),
  onDragOver: (event: DragEvent) => event.preventDefault(),
  onDragLeave: () => undefined,
  onDrop: () => undefined,
};

async function openDropped(lens: Lens, files: readonly File[]): Promise<void> {
  const sorted = sortFiles(files);
  if (sorted.model.length > 0) lens.models.openFiles(sorted.model);
  if (sorted.images.length > 0) await lens.openFiles(sorted.images, 'stage');
  const taken = takenMessages(sorted);
  // What went wrong with the image is more important than what was taken.
  if (taken.length > 0 && lens.store.getState().notice?.kind !== 'error') lens.tell('note', taken, 'stage');
}
