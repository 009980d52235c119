/** One of a few, each in a row of its own with a sentence about it. */
import { type ReactNode, useId } from 'react';
import styles from './RadioRows.module.css';

export interface RadioChoice<Value extends string> {
  readonly value: Value;
  readonly name: string;
  readonly sentence: string;
}

export function RadioRows<Value extends string>(props: {
  readonly label: string;
  readonly choices: readonly RadioChoice<Value>[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}) {
  const { label, choices, chosen, onChoose } = props;
  const group = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.rows}>
      {choices.map(({ value, name, sentence }) => (
        <RadioRow key={value} group={group} checked={value === chosen} onChoose={() => onChoose(value)}>
          <strong className={styles.name}>{name}</strong>
          <span className={styles.words}>{sentence}</span>
        </RadioRow>
      ))}
    </div>
  );
}

/** For a radiogroup whose rows say more than a name and a sentence. */
export function RadioRow(props: {
  /** The same for all rows of a radiogroup, and for no others. */
  readonly group: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}) {
  const { group, checked, onChoose, children } = props;
  return (
    <label className={styles.row}>
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
