/** What models take on this device, and where they come from. */
import { type FormEvent, useId, useState } from 'react';
import { type Message, messageText } from '../../store/notices/message.ts';
import button from '../Button/Button.module.css';
import text from '../Field/TextField.module.css';
import { useLens, useWords } from '../lens-context.tsx';
import { inView } from './Card.tsx';
import styles from './Models.module.css';
import { useModels } from './use-models.ts';

export function Stored() {
  const words = useWords().models.stored;
  const stored = useModels((state) => state.rows.filter((row) => row.stored !== null).length);
  const storedBytes = useModels((state) => state.storedBytes);
  const free = useModels((state) => state.freeBytes);
  const kept = useModels((state) => state.kept);
  return (
    <section className={styles.section} aria-label={words.label}>
      {storedBytes !== null && (
        <p className={styles.words}>
          {stored === 0 ? words.none : words.models({ count: stored, bytes: storedBytes })}
          {free !== null && ` ${words.free({ bytes: free })}`}
          {stored > 0 && kept === false && ` ${words.notKept}`}
        </p>
      )}
      <HubAddress />
    </section>
  );
}

/** For mirrors of the hub. */
function HubAddress() {
  const { models } = useLens();
  const words = useWords();
  const hubWords = words.models.hub;
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
      <summary>{hubWords.title({ host: new URL(hub).host })}</summary>
      <form className={styles.form} onSubmit={submit} noValidate>
        <label htmlFor={id} className="visually-hidden">
          {hubWords.address}
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
          {hubWords.apply}
        </button>
        <button type="button" className={button.button} onClick={() => take('')}>
          {hubWords.reset}
        </button>
      </form>
      {problem === null ? (
        <p className={styles.words} id={`${id}-words`}>
          {hubWords.hint}
        </p>
      ) : (
        <p className={styles.problem} id={`${id}-words`} role="alert">
          {messageText(problem, words)}
        </p>
      )}
    </details>
  );
}
