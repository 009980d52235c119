/** Takes pictures and models dropped anywhere on the page or pasted into it. */
import { ImageDown } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useDropzone } from 'react-dropzone';
import type { Lens } from '../../store/lens.ts';
import { sortFiles, takenWords } from '../../store/model-files.ts';
import { useLens } from '../lens-context.tsx';
import styles from './DropLayer.module.css';

export function DropLayer({ children }: { readonly children: ReactNode }) {
  const lens = useLens();
  // Every file is accepted here: the engine looks into it and says what is wrong.
  const { getRootProps, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    onDrop: (files) => void openDropped(lens, files),
  });

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void openDropped(lens, files);
      } else if (!(event.target instanceof HTMLInputElement)) {
        lens.tell('error', 'The clipboard holds no picture. Copy one, then paste again.', 'stage');
      }
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [lens]);

  return (
    <div {...getRootProps({ role: undefined, tabIndex: undefined })} className={styles.page}>
      {children}
      {isDragActive && (
        <div className={styles.overlay}>
          <ImageDown aria-hidden className={styles.icon} />
          <p>Drop the picture. It stays on this device.</p>
          <p className={styles.also}>A model’s files, or a whole folder of them, work too.</p>
        </div>
      )}
    </div>
  );
}

async function openDropped(lens: Lens, files: readonly File[]): Promise<void> {
  const sorted = sortFiles(files);
  if (sorted.model.length > 0) lens.models.openFiles(sorted.model);
  if (sorted.pictures.length > 0) await lens.openFiles(sorted.pictures, 'stage');
  const words = takenWords(sorted);
  // What went wrong with the picture is more important than what was taken.
  if (words !== null && lens.store.getState().notice?.kind !== 'error') lens.tell('note', words, 'stage');
}
