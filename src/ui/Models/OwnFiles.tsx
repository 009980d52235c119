/** A model from this device. */
import { FileInput, Folder } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { ACCEPTED } from '../../checkpoint/file-names.ts';
import { FILES } from '../../store/model/models.ts';
import button from '../Button/Button.module.css';
import { useLens, useWords } from '../lens-context.tsx';
import styles from './Models.module.css';
import { Outcome } from './Outcome.tsx';

export function OwnFiles() {
  const { models } = useLens();
  const words = useWords().models.own;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const open = (event: ChangeEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    models.openFiles([...(input.files ?? [])]);
    // So that the same files can be chosen again after they were mended.
    input.value = '';
  };
  return (
    <section className={styles.section} data-spot={FILES} aria-label={words.title}>
      <h3 className={styles.heading}>{words.title}</h3>
      <div className={styles.buttons}>
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          onClick={() => files.current?.click()}
        >
          <FileInput aria-hidden className={button.symbol} />
          {words.chooseFiles}
        </button>
        <button
          type="button"
          className={`${button.button} ${styles.main}`}
          onClick={() => folder.current?.click()}
        >
          <Folder aria-hidden className={button.symbol} />
          {words.chooseFolder}
        </button>
      </div>
      <p className={styles.words}>{words.hint}</p>
      <input
        ref={files}
        type="file"
        accept={ACCEPTED}
        multiple
        hidden
        aria-label={words.files}
        onChange={open}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={words.folder}
        onChange={open}
        {...{ webkitdirectory: '' }}
      />
      <Outcome spot={FILES} />
    </section>
  );
}
