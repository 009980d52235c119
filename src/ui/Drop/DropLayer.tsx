/** Takes pictures dropped anywhere on the page or pasted into it. */
import { ImageDown } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useDropzone } from 'react-dropzone';
import { useLens } from '../lens-context.tsx';
import styles from './DropLayer.module.css';

export function DropLayer({ children }: { readonly children: ReactNode }) {
  const lens = useLens();
  // Every file is accepted here: the engine looks into it and says what is wrong.
  const { getRootProps, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    onDrop: (files) => void lens.openFiles(files, 'stage'),
  });

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void lens.openFiles(files, 'stage');
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
        </div>
      )}
    </div>
  );
}
