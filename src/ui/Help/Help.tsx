/** What the page shows, and everything one can do on it. */
import { Fragment } from 'react';
import { actionWords, keyLabels } from '../../actions/action.ts';
import { allActions } from '../../actions/all.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { ModalDialog } from '../ModalDialog/ModalDialog.tsx';
import { Rich } from '../Rich/Rich.tsx';
import styles from './Help.module.css';

export function Help() {
  const lens = useLens();
  const { help } = useWords();
  const open = useLensState((state) => state.view.help);
  return (
    <ModalDialog title={help.title} open={open} onOpenChange={lens.setHelp} closeLabel={help.close}>
      <div className={styles.columns}>
        <Story />
        <Shortcuts />
      </div>
    </ModalDialog>
  );
}

function Story() {
  const { story, credits } = useWords().help;
  const { game, ...sections } = story;
  return (
    <div className={styles.story}>
      <p>{game}</p>
      {Object.entries(sections).map(([key, { title, text }]) => (
        <Fragment key={key}>
          <h3>{title}</h3>
          <p>
            <Rich text={text} />
          </p>
        </Fragment>
      ))}
      <p className={styles.credits}>
        <a href="samples/CREDITS.md" target="_blank" rel="noreferrer">
          {credits}
        </a>
      </p>
    </div>
  );
}

function Shortcuts() {
  const lens = useLens();
  const words = useWords();
  const samples = useLensState((state) => state.samples);
  const on = useLensState((state) => state.view.shortcuts);
  return (
    <div>
      <h3>{words.help.keyboard}</h3>
      <ul className={styles.keys} data-off={!on}>
        {allActions(samples).map((action) => {
          const keys = keyLabels(action);
          if (keys.length === 0) return null;
          return (
            <li key={action.id}>
              <span>{actionWords(action, words).label}</span>
              <span>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => lens.setShortcuts(event.currentTarget.checked)}
        />
        {words.help.singleKeys}
      </label>
    </div>
  );
}
