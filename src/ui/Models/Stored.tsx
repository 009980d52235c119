/** What models take on this device, and where they come from. */
import { type FormEvent, useId, useState } from 'react';
import { en } from '../../locales/en.ts';
import { type Message, messageText } from '../../store/notices/message.ts';
import button from '../Button/Button.module.css';
import text from '../Field/TextField.module.css';
import { useLens } from '../lens-context.tsx';
import { size } from '../words.ts';
import { inView } from './Card.tsx';
import styles from './Models.module.css';
import { useModels } from './use-models.ts';

export function Stored() {
  const stored = useModels((state) => state.rows.filter((row) => row.stored !== null).length);
  const storedBytes = useModels((state) => state.storedBytes);
  const free = useModels((state) => state.freeBytes);
  const kept = useModels((state) => state.kept);
  return (
    <section className={styles.section} aria-label="Storage and hub">
      {storedBytes !== null && (
        <p className={styles.words}>
          {stored === 0
            ? 'No model is stored on this device.'
            : `Stored on this device: ${stored === 1 ? 'one model' : `${stored} models`}, ${size(storedBytes)}.`}
          {free !== null && ` The browser has ${size(free)} left for this page.`}
          {stored > 0 &&
            kept === false &&
            ' It did not promise to keep them: it may clear them when the disk runs full.'}
        </p>
      )}
      <HubAddress />
    </section>
  );
}

/** For mirrors of the hub. */
function HubAddress() {
  const { models } = useLens();
  const id = useId();
  const hub = useModels((state) => state.hub);
  const [typed, setTyped] = useState(hub);
  const [problem, setProblem] = useState<Message | null>(null);
  const take = (address: string): void => {
    const wrong = models.setHub(address);
    setProblem(wrong);
    if (wrong === null) setTyped(models.store.getState().hub);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    take(typed);
  };
  return (
    <details className={styles.details} onToggle={(event) => inView(event.currentTarget)}>
      <summary>Hub: {new URL(hub).host}</summary>
      <form className={styles.form} onSubmit={submit} noValidate>
        <label htmlFor={id} className="visually-hidden">
          Address of the hub
        </label>
        <input
          id={id}
          className={`${text.field} ${styles.input}`}
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-words`}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setProblem(null);
          }}
        />
        <button type="submit" className={`${button.button} ${styles.main}`}>
          Apply
        </button>
        <button type="button" className={button.button} onClick={() => take('')}>
          Reset
        </button>
      </form>
      {problem === null ? (
        <p className={styles.words} id={`${id}-words`}>
          Where names such as facebook/vit-mae-base are looked up: the hub itself, or a mirror with the same
          layout.
        </p>
      ) : (
        <p className={styles.problem} id={`${id}-words`} role="alert">
          {messageText(problem, en)}
        </p>
      )}
    </details>
  );
}
