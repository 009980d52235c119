/** The model in use for other programs: what it takes, how far it is, and what became of it. */
import { Download } from 'lucide-react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { actionWords } from '../../actions/action.ts';
import { saveAsOnnx } from '../../actions/all.ts';
import type { ModelExportState, WeightType } from '../../store/model/onnx-export.ts';
import { messageText } from '../../store/notices/message.ts';
import button from '../Button/Button.module.css';
import { RadioRow } from '../Choices/RadioRows.tsx';
import { useActionContext, useLens, useLensState, useWords } from '../lens-context.tsx';
import { COUNTED_FROM } from '../model-phase.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Rich } from '../Rich/Rich.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { Card, inView } from './Card.tsx';
import { LeavingButton } from './LeavingButton.tsx';
import styles from './Models.module.css';
import own from './SaveAsOnnx.module.css';
import { useModels, useSpot } from './use-models.ts';

const TYPES: readonly WeightType[] = ['float32', 'float16'];

function useExport<T>(select: (state: ModelExportState) => T): T {
  return useStore(useLens().modelExport.store, select);
}

export function SaveAsOnnx() {
  const { modelExport } = useLens();
  const context = useActionContext();
  const name = useExport((state) => state.model?.info.name ?? null);
  const saving = useExport((state) => state.progress !== null);
  const { label, explanation } = actionWords(saveAsOnnx, context.words);
  const Icon = saveAsOnnx.icon;
  return (
    <div data-spot={saveAsOnnx.id}>
      <Tip text={explanation}>
        <button
          type="button"
          data-main
          className={`${button.button} ${styles.main}`}
          aria-expanded={name !== null}
          aria-disabled={saving}
          onClick={() => (name === null ? saveAsOnnx.perform(context) : modelExport.close())}
        >
          <Icon aria-hidden className={button.symbol} />
          {label}
        </button>
      </Tip>
      <Steps />
      {name !== null && (
        <Card label={context.words.onnx.label({ name })}>
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
  const { onnx, format } = useWords();
  const group = useId();
  const sizes = useExport((state) => state.sizes);
  const chosen = useExport((state) => state.weightType);
  const failed = useExport((state) => state.error !== null);
  return (
    <>
      <p>
        <Rich text={onnx.about({ name })} />
      </p>
      <div role="radiogroup" aria-labelledby={`${group}-label`} className={own.choices}>
        <p id={`${group}-label`} className={own.label}>
          {onnx.storedAs}
        </p>
        {TYPES.map((type) => (
          <RadioRow
            key={type}
            group={group}
            checked={type === chosen}
            onChoose={() => modelExport.setWeightType(type)}
          >
            <strong>{type}</strong>{' '}
            <span className={styles.size}>
              {sizes === null ? onnx.sizeNotKnown : format.size(sizes[type])}
            </span>
            <span className={`${styles.words} ${own.words}`}>{onnx.types[type]}</span>
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
          {sizes === null
            ? failed
              ? onnx.again
              : onnx.save
            : (failed ? onnx.againBytes : onnx.saveBytes)({ bytes: sizes[chosen] })}
        </LeavingButton>
        <LeavingButton onClick={modelExport.close}>{onnx.notNow}</LeavingButton>
      </div>
      <p className={styles.words}>
        {sizes === null
          ? failed
            ? onnx.nothingUploaded
            : onnx.findingOut
          : onnx.takes({ bytes: sizes[chosen] })}
      </p>
    </>
  );
}

/** The storage no longer has what the model was loaded from: deleted since, or there is no storage. */
function FetchAgain() {
  const { onnx } = useWords();
  const source = useExport((state) => state.model?.source ?? null);
  const key = useSpot(source);
  const stored = useModels(({ rows }) => rows.find((row) => row.key === key)?.stored?.complete === true);
  const weights = useLensState((state) => state.model.info?.bytes ?? null);
  if (source?.kind !== 'hub' || stored) return null;
  return <p className={styles.warning}>{onnx.fetchAgain({ bytes: weights })}</p>;
}

function Progress({ name }: { readonly name: string }) {
  const { modelExport } = useLens();
  const { onnx } = useWords();
  const progress = useExport((state) => state.progress);
  if (progress === null) return null;
  const { step, doneBytes, totalBytes } = progress;
  // Small files come first, config.json among them.
  const opening = doneBytes < COUNTED_FROM;
  const known = !opening && totalBytes !== null && totalBytes > 0;
  const done = known ? Math.min(1, doneBytes / totalBytes) : null;
  const counted = { loaded: doneBytes, total: totalBytes };
  return (
    <>
      <ProgressBar label={onnx.progress({ name })} done={done} />
      <p className={styles.progressWords}>
        {opening ? onnx.opening : (step === 'fetching' ? onnx.fetching : onnx.writing)(counted)}
      </p>
      <div className={styles.buttons}>
        <LeavingButton look="main" onClick={modelExport.cancel}>
          {onnx.cancel}
        </LeavingButton>
        <p className={styles.words}>{onnx.meanwhile}</p>
      </div>
    </>
  );
}

function Saved({ name }: { readonly name: string }) {
  const { modelExport } = useLens();
  const { onnx } = useWords();
  const saved = useExport((state) => state.saved);
  if (saved === null) return null;
  return (
    <>
      <p>
        <Rich
          text={
            saved.blob === null
              ? onnx.written({ name, fileName: saved.fileName })
              : onnx.downloaded({ name, fileName: saved.fileName, bytes: saved.blob.size })
          }
        />
      </p>
      <div className={styles.buttons}>
        <LeavingButton look="main" onClick={modelExport.close}>
          {onnx.done}
        </LeavingButton>
        {saved.blob !== null && (
          <button type="button" className={button.button} onClick={modelExport.downloadAgain}>
            {onnx.downloadAgain}
          </button>
        )}
      </div>
    </>
  );
}

/** Why it could not be saved. */
function Problem() {
  const { modelExport } = useLens();
  const words = useWords();
  const error = useExport((state) => state.error);
  if (error === null) return null;
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={modelExport.dismissError}>
        {messageText(error, words)}
      </NoticeCard>
    </div>
  );
}

/** Tells screen readers the steps; failures are alerts of their own. */
function Steps() {
  const sizes = useExport((state) => state.sizes);
  const saving = useExport((state) => state.progress !== null);
  const saved = useExport((state) => state.saved?.fileName ?? null);
  const { told } = useWords().onnx;
  let said = '';
  if (saving) said = told.saving;
  else if (saved !== null) said = told.saved({ fileName: saved });
  else if (sizes !== null) said = told.sizes(sizes);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}
