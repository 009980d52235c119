/** The model in use for other programs: what it takes, how far it is, and what became of it. */
import { Download } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { saveAsOnnx } from '../../actions/all.ts';
import type { ModelExportState, WeightType } from '../../store/model/onnx-export.ts';
import button from '../Button/Button.module.css';
import { RadioRow } from '../Choices/RadioRows.tsx';
import { useActionContext, useLens, useLensState } from '../lens-context.tsx';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { bytes, COUNTED_FROM, exactBytes, size } from '../words.ts';
import { Card, inView } from './Card.tsx';
import { LeavingButton } from './LeavingButton.tsx';
import styles from './Models.module.css';
import own from './SaveAsOnnx.module.css';
import { useModels, useSpot } from './use-models.ts';

const TYPES: readonly { readonly type: WeightType; readonly words: string }[] = [
  { type: 'float32', words: 'Full precision: 32 bits for each weight.' },
  { type: 'float16', words: 'Half precision: 16 bits, half the size, almost the same numbers.' },
];

function useExport<T>(select: (state: ModelExportState) => T): T {
  return useStore(useLens().modelExport.store, select);
}

export function SaveAsOnnx() {
  const { modelExport } = useLens();
  const context = useActionContext();
  const name = useExport((state) => state.model?.info.name ?? null);
  const saving = useExport((state) => state.progress !== null);
  const Icon = saveAsOnnx.icon;
  return (
    <div data-spot={saveAsOnnx.id}>
      <Tip text={saveAsOnnx.explanation}>
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          aria-expanded={name !== null}
          aria-disabled={saving}
          onClick={() => (name === null ? saveAsOnnx.perform(context) : modelExport.close())}
        >
          <Icon aria-hidden className={button.symbol} />
          {saveAsOnnx.label}
        </button>
      </Tip>
      <Steps />
      {name !== null && (
        <Card label={`Save ${name} as ONNX`}>
          <Content name={name} />
        </Card>
      )}
    </div>
  );
}

function Content({ name }: { readonly name: string }) {
  const saving = useExport((state) => state.progress !== null);
  const saved = useExport((state) => state.saved !== null);
  if (saving) return <Progress name={name} />;
  return saved ? <Saved name={name} /> : <Choice name={name} />;
}

/** What it is, and how it is to be stored. */
function Choice({ name }: { readonly name: string }) {
  const { modelExport } = useLens();
  const group = useId();
  const sizes = useExport((state) => state.sizes);
  const chosen = useExport((state) => state.weightType);
  const failed = useExport((state) => state.error !== null);
  return (
    <>
      <p>
        One .zip with <strong>{name}</strong> as an ONNX model, for onnxruntime in Python, C++ and other
        languages: the whole of ViTMAEForPreTraining with its weights beside it (external data), its
        configuration, and a README with an example.
      </p>
      <div role="radiogroup" aria-labelledby={`${group}-label`} className={own.choices}>
        <p id={`${group}-label`} className={own.label}>
          Weights stored as
        </p>
        {TYPES.map(({ type, words }) => (
          <RadioRow
            key={type}
            group={group}
            checked={type === chosen}
            onChoose={() => modelExport.setWeightType(type)}
          >
            <strong>{type}</strong>{' '}
            <span className={styles.size}>{sizes === null ? '…' : size(sizes[type])}</span>
            <span className={`${styles.words} ${own.words}`}>{words}</span>
          </RadioRow>
        ))}
      </div>
      <FetchAgain />
      <Problem />
      <div className={styles.buttons}>
        <LeavingButton
          look="solid"
          disabled={sizes === null && !failed}
          onClick={sizes === null ? modelExport.open : modelExport.save}
        >
          <Download aria-hidden className={button.symbol} />
          {failed ? 'Try again' : 'Save'}
          {sizes !== null && ` (${size(sizes[chosen])})`}
        </LeavingButton>
        <LeavingButton onClick={modelExport.close}>Not now</LeavingButton>
      </div>
      <p className={styles.words}>
        {sizes === null
          ? failed
            ? ''
            : 'Finding out what it takes…'
          : `${exactBytes(sizes[chosen])}, written on this device.`}{' '}
        Nothing is uploaded.
      </p>
    </>
  );
}

/** The storage no longer has what the model was loaded from: deleted since, or there is no storage. */
function FetchAgain() {
  const source = useExport((state) => state.model?.source ?? null);
  const key = useSpot(source);
  const stored = useModels(({ rows }) => rows.find((row) => row.key === key)?.stored?.complete === true);
  const weights = useLensState((state) => state.model.info?.bytes ?? null);
  if (source?.kind !== 'hub' || stored) return null;
  return (
    <p className={styles.warning}>
      Its files are not stored on this device (any more), so saving downloads them again
      {weights !== null && `: about ${size(weights)}`}.
    </p>
  );
}

function Progress({ name }: { readonly name: string }) {
  const { modelExport } = useLens();
  const progress = useExport((state) => state.progress);
  if (progress === null) return null;
  const { step, doneBytes, totalBytes } = progress;
  // Small files come first, config.json among them.
  const opening = doneBytes < COUNTED_FROM;
  const known = !opening && totalBytes !== null && totalBytes > 0;
  const done = known ? Math.min(1, doneBytes / totalBytes) : null;
  const counted = `${bytes(doneBytes)}${totalBytes === null ? '' : ` of ${bytes(totalBytes)}`}`;
  return (
    <>
      <ProgressBar label={`Saving ${name}`} done={done} />
      <p className={styles.progressWords}>
        {opening ? 'Opening…' : `${step === 'fetching' ? 'Fetching' : 'Writing'} ${counted}`}
      </p>
      <div className={styles.buttons}>
        <LeavingButton look="main" onClick={modelExport.cancel}>
          Cancel
        </LeavingButton>
        <p className={styles.words}>
          The page can be used meanwhile, and this list closed; leaving the page ends it.
        </p>
      </div>
    </>
  );
}

function Saved({ name }: { readonly name: string }) {
  const { modelExport } = useLens();
  const saved = useExport((state) => state.saved);
  if (saved === null) return null;
  return (
    <>
      <p>
        <strong>{name}</strong>{' '}
        {saved.blob === null
          ? `is written: ${saved.fileName}.`
          : `went to your browser’s downloads as ${saved.fileName} (${size(saved.blob.size)}).`}{' '}
        Unpack it and begin with the README in it.
      </p>
      <div className={styles.buttons}>
        <LeavingButton look="main" onClick={modelExport.close}>
          Done
        </LeavingButton>
        {saved.blob !== null && (
          <button type="button" className={button.button} onClick={modelExport.downloadAgain}>
            Nothing arrived? Download again
          </button>
        )}
      </div>
    </>
  );
}

/** Why it could not be saved. */
function Problem() {
  const { modelExport } = useLens();
  const message = useExport((state) => state.error?.message ?? null);
  if (message === null) return null;
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={modelExport.dismissError}>
        {message}
      </NoticeCard>
    </div>
  );
}

/** Tells screen readers the steps; failures are alerts of their own. */
function Steps() {
  const sizes = useExport((state) => state.sizes);
  const saving = useExport((state) => state.progress !== null);
  const saved = useExport((state) => state.saved?.fileName ?? null);
  let words = '';
  if (saving) words = 'Saving the model.';
  else if (saved !== null) words = `Saved as ${saved}.`;
  else if (sizes !== null) words = `${size(sizes.float32)} as float32, ${size(sizes.float16)} as float16.`;
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  );
}
