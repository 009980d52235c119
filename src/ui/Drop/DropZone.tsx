/** What react-dropzone does for the page's root: it reads whatever is dropped, folders too. */
import { type DragEvent, type RefObject, useLayoutEffect } from 'react';
import { type DropzoneRootProps, useDropzone } from 'react-dropzone';

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
  const { getRootProps, rootRef } = useDropzone({ noClick: true, noKeyboard: true, onDrop });

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

  return null;
}
