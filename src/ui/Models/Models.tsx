/** Everything about models: the one in use, the others, and what is stored of them. */
import { Popover } from '@base-ui/react/popover';
import { X } from 'lucide-react';
import button from '../Button/Button.module.css';
import { AnyModel } from './AnyModel.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './Models.module.css';
import { OwnFiles } from './OwnFiles.tsx';
import { Stored } from './Stored.tsx';
import { useModels } from './use-models.ts';

export function Models() {
  const rows = useModels((state) => state.rows);
  return (
    <>
      <div className={styles.head}>
        <Popover.Title className={styles.title}>Model</Popover.Title>
        <Popover.Close
          className={`${button.button} ${button.icon} ${styles.close}`}
          aria-label="Close the models"
        >
          <X aria-hidden size={18} />
        </Popover.Close>
      </div>
      <ModelFacts />
      <section className={styles.section} aria-label="Choose a model">
        <h3 className={styles.heading}>Choose a model</h3>
        <p className={styles.words}>
          The official checkpoints run here as they were published. They are downloaded once and stay in this
          browser; your images never leave it.
        </p>
        <ul className={styles.rows}>
          {rows.map((row) => (
            <ModelRow key={row.key} row={row} />
          ))}
        </ul>
      </section>
      <AnyModel />
      <OwnFiles />
      <Stored />
    </>
  );
}
