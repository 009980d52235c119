/** A model from this device. */
import { FileInput, Folder } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { ACCEPTED } from '../../checkpoint/file-names.ts';
import { FILES } from '../../store/model/models.ts';
import button from '../Button/Button.module.css';
import { useLens } from '../lens-context.tsx';
import styles from './Models.module.css';
import { Outcome } from './Outcome.tsx';

export function OwnFiles() {
  const { models } = useLens();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const open = (event: ChangeEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    models.openFiles([...(input.files ?? [])]);
    // So that the same files can be chosen again after they were mended.
    input.value = '';
  };
  return (
    <section className={styles.section} data-spot={FILES} aria-label="From this device">
      <h3 className={styles.heading}>From this device</h3>
      <div className={styles.buttons}>
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          onClick={() => files.current?.click()}
        >
          <FileInput aria-hidden className={button.symbol} />
          Choose files
        </button>
        <button
          type="button"
          className={`${button.button} ${styles.main}`}
          onClick={() => folder.current?.click()}
        >
          <Folder aria-hidden className={button.symbol} />
          Choose a folder
        </button>
      </div>
      <p className={styles.words}>
        config.json and the weights together, or a single .pth. Dropping them anywhere on the page does the
        same. Nothing is uploaded.
      </p>
      <input
        ref={files}
        type="file"
        accept={ACCEPTED}
        multiple
        hidden
        aria-label="Files of a model"
        onChange={open}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Folder of a model"
        onChange={open}
        {...{ webkitdirectory: '' }}
      />
      <Outcome spot={FILES} />
    </section>
  );
}
