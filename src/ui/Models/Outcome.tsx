/** What became of the last thing that was done here: a price to agree to, a download, or an error. */
import { retry } from '../../actions/all.ts';
import type { ModelPhase } from '../../engine/engine.ts';
import { BUNDLED_KEY, type DownloadPlan, isWeights } from '../../store/model/models.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLens, useLensState } from '../lens-context.tsx';
import { NoticeCard } from '../Notice/NoticeCard.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { bytes, exactBytes, phaseLabel, phaseProgress, size, timeLeft } from '../words.ts';
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
  const plan = useModels((state) => state.inquiry?.plan ?? null);
  const name = useModels((state) => state.inquiry?.source.name ?? '');
  return (
    <Card label={`Download ${name}`}>
      {plan === null ? <p>Looking up {name}…</p> : <PlanWords plan={plan} />}
      <div className={styles.buttons}>
        {plan !== null && (
          <LeavingButton look="solid" onClick={models.download}>
            {downloadLabel(plan)}
          </LeavingButton>
        )}
        <LeavingButton onClick={models.dismissInquiry}>Not now</LeavingButton>
      </div>
    </Card>
  );
}

function PlanWords({ plan }: { readonly plan: DownloadPlan }) {
  const free = useModels((state) => state.freeBytes);
  const { title, totalBytes, remainingBytes, exact, persistent } = plan;
  const here = hereBytes(plan);
  return (
    <>
      <p>
        <strong>{title}</strong>:{' '}
        {remainingBytes === null
          ? 'its size is not known beforehand.'
          : `${exact ? '' : 'about '}${exactBytes(remainingBytes)} to download${
              here > 0 ? `, ${size(here)} are here already` : ''
            }.`}{' '}
        {persistent
          ? 'It stays in this browser, so the next visit needs no network.'
          : 'This browser gives the page no storage, so the next visit downloads it again.'}
      </p>
      {free !== null && remainingBytes !== null && remainingBytes > free && (
        <p className={styles.warning}>
          The browser has {size(free)} left for this page. Delete models that you no longer need first.
        </p>
      )}
      <WasmWarning name={title} weights={totalBytes} />
    </>
  );
}

function downloadLabel(plan: DownloadPlan): string {
  const { remainingBytes } = plan;
  if (remainingBytes === null) return 'Download';
  return `Download ${hereBytes(plan) > 0 ? 'the other ' : ''}${size(remainingBytes)}`;
}

/** What of the weights is stored already. */
function hereBytes({ files }: DownloadPlan): number {
  return files.filter(isWeights).reduce((sum, { storedBytes }) => sum + storedBytes, 0);
}

function Progress({ spot }: { readonly spot: string }) {
  const lens = useLens();
  const phase = useLensState((state) => state.model.phase);
  const name = useLensState((state) => state.model.source.name);
  const lastGood = useLensState((state) => state.model.info?.name ?? null);
  const downloads = useLensState((state) => state.model.source.kind === 'hub');
  const done = phaseProgress(phase);
  return (
    <Card label={`Loading ${name}`}>
      <ProgressBar
        label={`Loading ${name}`}
        done={done}
        waiting={done === null || phase.phase !== 'loading'}
      />
      <p className={styles.progressWords}>{progressWords(phase)}</p>
      {phase.phase === 'loading' && <LoadingDetails phase={phase} />}
      {(lastGood !== null || spot !== BUNDLED_KEY) && (
        <div className={styles.buttons}>
          <LeavingButton look="main" onClick={lens.cancelModel}>
            Cancel
          </LeavingButton>
          <p className={styles.words}>
            {downloads && phase.phase === 'loading' && 'What has arrived is kept. '}
            {lastGood !== null && `${lastGood} stays in use meanwhile.`}
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

/** "120.4 MB of 447.6 MB, 11.2 MB/s, about 30 s left" */
function progressWords(phase: Parameters<typeof phaseLabel>[0]): string {
  if (phase.phase !== 'loading') return phaseLabel(phase) ?? '';
  const { loadedBytes, totalBytes, bytesPerSecond, secondsLeft } = phase;
  if (loadedBytes === 0) return 'Opening…';
  const parts = [totalBytes === null ? bytes(loadedBytes) : `${bytes(loadedBytes)} of ${bytes(totalBytes)}`];
  if (typeof bytesPerSecond === 'number') parts.push(`${bytes(bytesPerSecond)}/s`);
  if (typeof secondsLeft === 'number') parts.push(timeLeft(secondsLeft));
  return parts.join(', ');
}

/** Why something could not be looked up or deleted. */
function Problem({ spot }: { readonly spot: string }) {
  const { models } = useLens();
  const message = useModels(({ problem }) => (problem?.spot === spot ? problem.error.message : null));
  if (message === null) return null;
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={models.dismissProblem}>
        {message}
      </NoticeCard>
    </div>
  );
}

/** Why it could not be loaded. */
function Failure({ spot }: { readonly spot: string }) {
  const lens = useLens();
  const failure = useLensState((state) => state.model.failure);
  const lastGood = useLensState((state) => state.model.info?.name ?? null);
  const here = useSpot(failure?.source ?? null) === spot;
  if (failure === null || !here) return null;
  return (
    <div className={styles.message} ref={inView}>
      <NoticeCard kind="error" onDismiss={lens.dismissModelFailure}>
        {failure.error.message}
        {lastGood !== null && ` ${lastGood} stays in use.`}
        <div className={styles.buttons}>
          <ActionButton action={retry} look="solid" />
        </div>
      </NoticeCard>
    </div>
  );
}
