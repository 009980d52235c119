/** What became of the last thing that was done here: a price to agree to, a download, or an error. */
import { retry } from '../../actions/all.ts';
import type { ModelPhase } from '../../engine/engine.ts';
import type { Words } from '../../locales/words.ts';
import { BUNDLED_KEY, type DownloadPlan, isWeights } from '../../store/model/models.ts';
import { messageText } from '../../store/notices/message.ts';
import type { LensState } from '../../store/state.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { phaseProgress, phaseText } from '../model-phase.ts';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Rich } from '../Rich/Rich.tsx';
import { Card, inView } from './Card.tsx';
import { LeavingButton } from './LeavingButton.tsx';
import styles from './Models.module.css';
import { useBusyAt, useModels, useSpot } from './use-models.ts';
import { WasmWarning } from './WasmWarning.tsx';

export function Outcome({ spot }: { readonly spot: string }) {
  const busy = useBusyAt(spot);
  const asked = useModels((state) => state.inquiry?.spot === spot);
  return (
    <>
      {asked && <Plan />}
      {busy && <Progress spot={spot} />}
      <Problem spot={spot} />
      {!busy && <Failure spot={spot} />}
    </>
  );
}

/** What a download will be, before it begins. */
function Plan() {
  const { models } = useLens();
  const words = useWords().models.plan;
  const plan = useModels((state) => state.inquiry?.plan ?? null);
  const name = useModels((state) => state.inquiry?.source.name ?? '');
  return (
    <Card label={words.label({ name })}>
      {plan === null ? <p>{words.lookingUp({ name })}</p> : <PlanText plan={plan} />}
      <div className={styles.buttons}>
        {plan !== null && (
          <LeavingButton look="solid" onClick={models.download}>
            {downloadLabel(plan, words)}
          </LeavingButton>
        )}
        <LeavingButton onClick={models.dismissInquiry}>{words.notNow}</LeavingButton>
      </div>
    </Card>
  );
}

function PlanText({ plan }: { readonly plan: DownloadPlan }) {
  const words = useWords().models.plan;
  const free = useModels((state) => state.freeBytes);
  const { title, totalBytes, remainingBytes, exact, persistent } = plan;
  const what =
    remainingBytes === null
      ? words.sizeNotKnown({ title })
      : words.size({ title, bytes: remainingBytes, exact, hereBytes: hereBytes(plan) });
  return (
    <>
      <p>
        <Rich text={what} /> {persistent ? words.kept : words.notKept}
      </p>
      {free !== null && remainingBytes !== null && remainingBytes > free && (
        <p className={styles.warning}>{words.noRoom({ bytes: free })}</p>
      )}
      <WasmWarning name={title} weights={totalBytes} />
    </>
  );
}

function downloadLabel(plan: DownloadPlan, words: Words['models']['plan']): string {
  const { remainingBytes } = plan;
  if (remainingBytes === null) return words.download;
  return (hereBytes(plan) > 0 ? words.downloadOther : words.downloadBytes)({ bytes: remainingBytes });
}

/** What of the weights is stored already. */
function hereBytes({ files }: DownloadPlan): number {
  return files.filter(isWeights).reduce((sum, { storedBytes }) => sum + storedBytes, 0);
}

function Progress({ spot }: { readonly spot: string }) {
  const lens = useLens();
  const words = useWords();
  const { loading } = words.models;
  const phase = useLensState((state) => state.model.phase);
  const name = useLensState((state) => state.model.source.name);
  const lastGood = useLensState((state) => state.model.info?.name ?? null);
  const downloads = useLensState((state) => state.model.source.kind === 'hub');
  const done = phaseProgress(phase);
  return (
    <Card label={loading.label({ name })}>
      <ProgressBar
        label={loading.label({ name })}
        done={done}
        waiting={done === null || phase.phase !== 'loading'}
      />
      <p className={styles.progressWords}>{progressText(phase, words)}</p>
      {phase.phase === 'loading' && <LoadingDetails phase={phase} />}
      {(lastGood !== null || spot !== BUNDLED_KEY) && (
        <div className={styles.buttons}>
          <LeavingButton look="main" onClick={lens.cancelModel}>
            {loading.cancel}
          </LeavingButton>
          <p className={styles.words}>
            {downloads && phase.phase === 'loading' && <>{loading.arrivedKept} </>}
            {lastGood !== null && loading.staysInUseMeanwhile({ name: lastGood })}
          </p>
        </div>
      )}
    </Card>
  );
}

function LoadingDetails({ phase }: { readonly phase: Extract<ModelPhase, { phase: 'loading' }> }) {
  return (
    <>
      {phase.file !== '' && <p className={styles.file}>{phase.file}</p>}
      {phase.note !== undefined && phase.note !== null && <p className={styles.note}>{phase.note}</p>}
    </>
  );
}

/** "120 MB of 448 MB, 11.2 MB/s, about 30 s left" */
function progressText(phase: LensState['model']['phase'], words: Words): string {
  if (phase.phase !== 'loading') return phaseText(phase, words) ?? '';
  const { loadedBytes, totalBytes, bytesPerSecond = null, secondsLeft = null } = phase;
  const { loading } = words.models;
  return loadedBytes === 0
    ? loading.opening
    : loading.progress({ loaded: loadedBytes, total: totalBytes, bytesPerSecond, secondsLeft });
}

/** Why something could not be looked up or deleted. */
function Problem({ spot }: { readonly spot: string }) {
  const { models } = useLens();
  const words = useWords();
  const error = useModels(({ problem }) => (problem?.spot === spot ? problem.error : null));
  if (error === null) return null;
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={models.dismissProblem}>
        {messageText(error, words)}
      </NoticeCard>
    </div>
  );
}

/** Why it could not be loaded. */
function Failure({ spot }: { readonly spot: string }) {
  const lens = useLens();
  const words = useWords();
  const failure = useLensState((state) => state.model.failure);
  const lastGood = useLensState((state) => state.model.info?.name ?? null);
  const here = useSpot(failure?.source ?? null) === spot;
  if (failure === null || !here) return null;
  const error = messageText(failure.error, words);
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={lens.dismissModelFailure}>
        {lastGood === null ? error : words.models.loading.failedBeside({ error, name: lastGood })}
        <div className={styles.buttons}>
          <ActionButton action={retry} look="solid" />
        </div>
      </NoticeCard>
    </div>
  );
}
