/** A model that can be chosen: what it is, what it weighs, and whether it is here already. */
import { Check, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Words } from '../../locales/words.ts';
import { BUNDLED_KEY, type ModelRow as Row } from '../../store/model/models.ts';
import button from '../Button/Button.module.css';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { Rich } from '../Rich/Rich.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { Card } from './Card.tsx';
import { LeavingButton } from './LeavingButton.tsx';
import styles from './Models.module.css';
import { Outcome } from './Outcome.tsx';
import { useBusyAt, useModels, useSpot } from './use-models.ts';
import { WasmWarning } from './WasmWarning.tsx';

/** What the row's button does: the name of its word, and the deed. */
interface MainAction {
  readonly does: 'loading' | 'inUse' | 'use' | 'resume' | 'get';
  readonly act: (() => void) | null;
}

export function ModelRow({ row }: { readonly row: Row }) {
  const { models } = useLens();
  const words = useWords();
  const { choose, stored } = words.models;
  const [deleting, setDeleting] = useState(false);
  const busy = useBusyAt(row.key);
  const inUse = useSpot(useLensState((state) => state.model.inUse)) === row.key;
  const asked = useModels((state) => state.inquiry?.spot === row.key);
  const { does, act } = mainAction();

  function mainAction(): MainAction {
    if (busy) return { does: 'loading', act: null };
    if (inUse) return { does: 'inUse', act: null };
    if (row.key === BUNDLED_KEY || row.stored?.complete === true)
      return { does: 'use', act: () => models.choose(row) };
    if (row.stored !== null) return { does: 'resume', act: () => models.resume(row) };
    return { does: 'get', act: () => (asked ? models.dismissInquiry() : models.choose(row)) };
  }

  return (
    <li className={styles.row} data-spot={row.key} data-in-use={inUse}>
      <div className={styles.about}>
        <p className={styles.name}>
          <strong>{row.name}</strong>
          {row.bytes !== null && <span className={styles.size}>{words.format.size(row.bytes)}</span>}
        </p>
        <p className={styles.words}>{sentence(row, words)}</p>
        <Here row={row} />
        {row.stored !== null && !inUse && <WasmWarning name={row.name} weights={row.bytes} />}
      </div>
      <div className={styles.actions}>
        {row.stored !== null && !busy && (
          <Tip text={stored.deleteTip}>
            <button
              type="button"
              className={`${button.button} ${button.icon}`}
              aria-expanded={deleting}
              onClick={() => setDeleting(!deleting)}
            >
              <Trash2 aria-hidden className={button.symbol} />
              <span className="visually-hidden">{stored.delete(row)}</span>
            </button>
          </Tip>
        )}
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          aria-disabled={act === null}
          {...(does === 'get' ? { 'aria-expanded': asked } : {})}
          onClick={() => act?.()}
        >
          <Rich text={choose[does](row)} />
        </button>
      </div>
      {deleting && row.stored !== null && (
        <Card label={stored.delete(row)}>
          <p>{stored.deleteAsk({ name: row.name, bytes: row.stored.bytes, inUse })}</p>
          <div className={styles.buttons}>
            <LeavingButton
              look="danger"
              onClick={() => {
                setDeleting(false);
                void models.remove(row);
              }}
            >
              {stored.deleteBytes(row.stored)}
            </LeavingButton>
            <LeavingButton onClick={() => setDeleting(false)}>{stored.keep}</LeavingButton>
          </div>
        </Card>
      )}
      <Outcome spot={row.key} />
    </li>
  );
}

/** What of it is on this device. */
function Here({ row: { stored } }: { readonly row: Row }) {
  const words = useWords().models.stored;
  if (stored === null) return null;
  if (!stored.complete) return <p className={styles.here}>{words.unfinished(stored)}</p>;
  return (
    <p className={styles.here}>
      <Check aria-hidden size={14} /> {words.here}
    </p>
  );
}

function sentence({ key, name, source, published }: Row, { models: { choose } }: Words): string {
  if (key === BUNDLED_KEY) return choose.bundled;
  if (published) return isKnown(name, choose.published) ? choose.published[name] : choose.otherPublished;
  if (source.kind !== 'hub') return '';
  const { address } = source;
  return choose.from({ host: new URL(address.kind === 'hub' ? address.endpoint : address.baseUrl).host });
}

function isKnown<T extends object>(name: PropertyKey, entries: T): name is keyof T {
  return Object.hasOwn(entries, name);
}
