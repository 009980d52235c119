/** A model that can be chosen: what it is, what it weighs, and whether it is here already. */
import { Check, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { BUNDLED_KEY, type ModelRow as Row } from '../../store/model/models.ts';
import button from '../Button/Button.module.css';
import { useLens, useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { size } from '../words.ts';
import { Card } from './Card.tsx';
import { LeavingButton } from './LeavingButton.tsx';
import styles from './Models.module.css';
import { Outcome } from './Outcome.tsx';
import { useBusyAt, useModels, useSpot } from './use-models.ts';
import { WasmWarning } from './WasmWarning.tsx';

/** What the published ones are good for. */
const SENTENCES: Readonly<Record<string, string>> = {
  'facebook/vit-mae-base': '112 million parameters. The paper’s smallest: a good start.',
  'facebook/vit-mae-large': '330 million parameters. The paper’s usual choice.',
  'facebook/vit-mae-huge': '657 million parameters. The largest, with finer patches.',
};

export function ModelRow({ row }: { readonly row: Row }) {
  const { models } = useLens();
  const [deleting, setDeleting] = useState(false);
  const busy = useBusyAt(row.key);
  const inUse = useSpot(useLensState((state) => state.model.inUse)) === row.key;
  const asked = useModels((state) => state.inquiry?.spot === row.key);
  const { label, act } = mainAction();

  function mainAction(): { readonly label: string; readonly act: (() => void) | null } {
    if (busy) return { label: 'Loading', act: null };
    if (inUse) return { label: 'In use', act: null };
    if (row.key === BUNDLED_KEY || row.stored?.complete === true)
      return { label: 'Use', act: () => models.choose(row) };
    if (row.stored !== null) return { label: 'Resume', act: () => models.resume(row) };
    return { label: 'Get', act: () => (asked ? models.dismissInquiry() : models.choose(row)) };
  }

  return (
    <li className={styles.row} data-spot={row.key} data-in-use={inUse}>
      <div className={styles.about}>
        <p className={styles.name}>
          <strong>{row.name}</strong>
          {row.bytes !== null && <span className={styles.size}>{size(row.bytes)}</span>}
        </p>
        <p className={styles.words}>{sentence(row)}</p>
        <Here row={row} />
        {row.stored !== null && !inUse && <WasmWarning name={row.name} weights={row.bytes} />}
      </div>
      <div className={styles.actions}>
        {row.stored !== null && !busy && (
          <Tip text="Frees the space that it takes on this device.">
            <button
              type="button"
              className={`${button.button} ${button.icon}`}
              aria-expanded={deleting}
              onClick={() => setDeleting(!deleting)}
            >
              <Trash2 aria-hidden className={button.symbol} />
              <span className="visually-hidden">Delete {row.name}</span>
            </button>
          </Tip>
        )}
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          aria-disabled={act === null}
          {...(label === 'Get' ? { 'aria-expanded': asked } : {})}
          onClick={() => act?.()}
        >
          {label} <span className="visually-hidden">{row.name}</span>
        </button>
      </div>
      {deleting && row.stored !== null && (
        <Card label={`Delete ${row.name}`}>
          <p>
            Delete {row.name} from this device? That frees {size(row.stored.bytes)}; it can be downloaded
            again.{inUse && ' It stays in use until you choose another model or leave the page.'}
          </p>
          <div className={styles.buttons}>
            <LeavingButton
              look="danger"
              onClick={() => {
                setDeleting(false);
                void models.remove(row);
              }}
            >
              Delete {size(row.stored.bytes)}
            </LeavingButton>
            <LeavingButton onClick={() => setDeleting(false)}>Keep it</LeavingButton>
          </div>
        </Card>
      )}
      <Outcome spot={row.key} />
    </li>
  );
}

/** What of it is on this device. */
function Here({ row: { stored } }: { readonly row: Row }) {
  if (stored === null) return null;
  if (!stored.complete) {
    const total = stored.totalBytes === null ? '' : ` of ${size(stored.totalBytes)}`;
    return <p className={styles.here}>{`Unfinished: ${size(stored.bytes)}${total} are here.`}</p>;
  }
  return (
    <p className={styles.here}>
      <Check aria-hidden size={14} /> On this device: opens without network
    </p>
  );
}

function sentence({ key, name, source, published }: Row): string {
  if (key === BUNDLED_KEY) return 'Comes with the page: small and quick, for a first look.';
  if (published) return SENTENCES[name] ?? 'Published by the paper’s authors.';
  if (source.kind !== 'hub') return '';
  const { address } = source;
  return `From ${new URL(address.kind === 'hub' ? address.endpoint : address.baseUrl).host}`;
}
