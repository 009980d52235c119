/** Everything about models: the one in use, the others, and what is stored of them. */
import { Popover } from '@base-ui/react/popover';
import { X } from 'lucide-react';
import button from '../Button/Button.module.css';
import { useWords } from '../lens-context.tsx';
import { AnyModel } from './AnyModel.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './Models.module.css';
import { OwnFiles } from './OwnFiles.tsx';
import { Stored } from './Stored.tsx';
import { useModels } from './use-models.ts';

export function Models() {
  const words = useWords().models;
  const rows = useModels((state) => state.rows);
  return (
    <>
      <div className={styles.head}>
        <Popover.Title className={styles.title}>{words.title}</Popover.Title>
        <Popover.Close className={`${button.button} ${button.icon} ${styles.close}`} aria-label={words.close}>
          <X aria-hidden size={18} />
        </Popover.Close>
      </div>
      <ModelFacts />
      <section className={styles.section} aria-label={words.choose.title}>
        <h3 className={styles.heading}>{words.choose.title}</h3>
        <p className={styles.words}>{words.choose.lead}</p>
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
