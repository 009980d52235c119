/** Any model by its name or address. */
import { Search } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { FIELD } from '../../store/model/models.ts';
import button from '../Button/Button.module.css';
import text from '../Field/TextField.module.css';
import { useLens, useWords } from '../lens-context.tsx';
import styles from './Models.module.css';
import { Outcome } from './Outcome.tsx';
import { useModels } from './use-models.ts';

export function AnyModel() {
  const { models } = useLens();
  const words = useWords().models.any;
  const id = useId();
  const [typed, setTyped] = useState('');
  const wrong = useModels(({ problem }) => problem?.spot === FIELD);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    models.lookUp(typed);
  };
  return (
    <section className={styles.section} data-spot={FIELD} aria-label={words.label}>
      <h3 className={styles.heading}>
        <label htmlFor={id}>{words.title}</label>
      </h3>
      <form className={styles.form} onSubmit={submit}>
        <input
          id={id}
          data-main
          className={`${text.field} ${styles.input}`}
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={words.placeholder}
          value={typed}
          aria-invalid={wrong}
          aria-describedby={`${id}-words`}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className={`${button.button} ${styles.main}`}>
          <Search aria-hidden className={button.symbol} />
          {words.lookUp}
        </button>
      </form>
      <p className={styles.words} id={`${id}-words`}>
        {words.hint}
      </p>
      <Outcome spot={FIELD} />
    </section>
  );
}
