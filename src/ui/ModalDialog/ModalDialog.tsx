/** A dialog over the page. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import button from '../Button/Button.module.css';
import { useWords } from '../lens-context.tsx';
import styles from './ModalDialog.module.css';

export interface ModalDialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly closeLabel?: string;
  /** In place of what stands first in it. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function ModalDialog(props: ModalDialogProps) {
  const { title, open, onOpenChange, closeLabel, initialFocus, className = '', children } = props;
  const { page } = useWords();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={`${styles.sheet} ${className}`} initialFocus={initialFocus}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close
              className={`${button.button} ${button.icon} ${styles.close}`}
              aria-label={closeLabel ?? page.close}
            >
              <X aria-hidden size={18} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
