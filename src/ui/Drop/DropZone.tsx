/** What react-dropzone does for the page's root: it reads folders, and knows when something is dragged over it. */
import { ImageDown } from 'lucide-react';
import { type DragEvent, type RefObject, useLayoutEffect } from 'react';
import { type DropzoneRootProps, useDropzone } from 'react-dropzone';
import styles from './DropLayer.module.css';

/** What the page's root hands on. */
export interface DragListeners {
  readonly onDragEnter: (event: DragEvent<HTMLElement>) => void;
  readonly onDragOver: (event: DragEvent<HTMLElement>) => void;
  readonly onDragLeave: (event: DragEvent<HTMLElement>) => void;
  readonly onDrop: (event: DragEvent<HTMLElement>) => void;
}

export function DropZone(props: {
  readonly page: RefObject<HTMLElement | null>;
  readonly listeners: RefObject<DragListeners>;
  readonly onDrop: (files: readonly File[]) => void;
}) {
  const { page, listeners, onDrop } = props;
  // Every file is accepted here: the engine looks into it and says what is wrong.
  const { getRootProps, isDragActive, rootRef } = useDropzone({ noClick: true, noKeyboard: true, onDrop });

  useLayoutEffect(() => {
    if (page.current !== null) rootRef.current = page.current;
    const root: DropzoneRootProps = getRootProps();
    listeners.current = {
      onDragEnter: (event) => root.onDragEnter?.(event),
      onDragOver: (event) => root.onDragOver?.(event),
      onDragLeave: (event) => root.onDragLeave?.(event),
      onDrop: (event) => root.onDrop?.(event),
    };
  });

  if (!isDragActive) return null;
  return (
    <div className={styles.overlay}>
      <ImageDown aria-hidden className={styles.icon} />
      <p>Drop the picture. It stays on this device.</p>
      <p className={styles.also}>A model’s files, or a whole folder of them, work too.</p>
    </div>
  );
}
