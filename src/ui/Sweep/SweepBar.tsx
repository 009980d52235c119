/** How many runs, start and cancel, how far they are, and what the ones that are shown are of. */
import { useId } from 'react';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { SEED_COUNTS, SEEDS_PER_RATIO, SWEEP_RATIOS, type SweepKind } from '../../store/sweep/plan.ts';
import { type Blocked as BlockedBy, outdatedBy, type Sweep } from '../../store/sweep/sweep.ts';
import button from '../Button/Button.module.css';
import controls from '../Controls/Controls.module.css';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './SweepPanel.module.css';
import { blockedText, endText, originText, progressText } from './texts.ts';
import { useBlocked, useSweep, useSweeps } from './use-sweeps.ts';

export function SweepBar({ kind }: { readonly kind: SweepKind }) {
  const sweep = useSweep(kind);
  const running = sweep !== null && (sweep.status === 'running' || sweep.status === 'cancelling');
  return (
    <div className={styles.bar}>
      <div className={styles.choice}>
        <Count kind={kind} disabled={running} />
        {running ? <Cancel sweep={sweep} /> : <Start kind={kind} last={sweep?.total ?? null} />}
      </div>
      <div className={styles.state}>
        {running ? <Progress sweep={sweep} /> : <Blocked kind={kind} />}
        {sweep !== null && !running && <End sweep={sweep} />}
        {sweep !== null && <Origin sweep={sweep} />}
      </div>
    </div>
  );
}

const COUNTS = { seeds: SEED_COUNTS, ratios: SEEDS_PER_RATIO } as const;

function Count({ kind, disabled }: { readonly kind: SweepKind; readonly disabled: boolean }) {
  const { sweeps } = useLens();
  const name = useId();
  const chosen = useSweeps((state) => state.seeds[kind]);
  const { count: label, countTip } = useWords().sweep[kind];
  return (
    <Tip text={countTip}>
      <div
        className={controls.field}
        role="radiogroup"
        aria-labelledby={`${name}-label`}
        aria-disabled={disabled}
      >
        <span id={`${name}-label`} className={controls.label}>
          {label}
        </span>
        <div className={controls.segments}>
          {COUNTS[kind].map((count) => (
            <label key={count} className={controls.segment}>
              <input
                type="radio"
                name={name}
                checked={count === chosen}
                disabled={disabled}
                onChange={() => sweeps.setSeeds(kind, count)}
              />
              <span>{count}</span>
            </label>
          ))}
        </div>
      </div>
    </Tip>
  );
}

function Start({ kind, last }: { readonly kind: SweepKind; readonly last: number | null }) {
  const { sweeps } = useLens();
  const words = useWords().sweep;
  const blocked = useBlocked(kind);
  const seeds = useSweeps((state) => state.seeds[kind]);
  const drawn = useLensState(({ settings }) => findStrategy(settings.strategy)?.usesSeed === true);
  const count = kind === 'seeds' ? seeds : SWEEP_RATIOS.length * (drawn ? seeds : 1);
  return (
    <button
      type="button"
      className={`${button.button} ${button.solid}`}
      aria-disabled={blocked !== null}
      onClick={() => sweeps.start(kind)}
    >
      {last === count ? words.again : words.start({ runs: count })}
    </button>
  );
}

function Cancel({ sweep }: { readonly sweep: Sweep }) {
  const { sweeps } = useLens();
  const words = useWords().sweep;
  return (
    <button
      type="button"
      className={`${button.button} ${styles.cancel}`}
      aria-disabled={sweep.status === 'cancelling'}
      onClick={sweeps.cancel}
    >
      {words.cancel}
    </button>
  );
}

function Progress({ sweep }: { readonly sweep: Sweep }) {
  const words = useWords();
  const { outcomes, total, kind } = sweep;
  return (
    <>
      <div className={styles.progress}>
        <ProgressBar label={words.sweep[kind].progress} done={outcomes.length / total} units={total} />
      </div>
      <p>{progressText(sweep, words)}</p>
    </>
  );
}

/** Where random masking is the way out. */
const NOT_RANDOM: readonly BlockedBy[] = ['no-seed', 'no-ratio', 'all-painted'];

function Blocked({ kind }: { readonly kind: SweepKind }) {
  const lens = useLens();
  const words = useWords();
  const blocked = useBlocked(kind);
  const settings = useLensState((state) => state.settings);
  if (blocked === null) return null;
  return (
    <p>
      {blockedText(blocked, kind, settings, words)}{' '}
      {NOT_RANDOM.includes(blocked) && (
        <button type="button" className={styles.offer} onClick={() => lens.setStrategy('random')}>
          {words.sweep.useRandom}
        </button>
      )}
    </p>
  );
}

function End({ sweep }: { readonly sweep: Sweep }) {
  const text = endText(sweep, useWords());
  if (sweep.error === null) return <p>{text}</p>;
  return (
    <p role="alert" className={styles.error}>
      {text}
    </p>
  );
}

/** Runs stay whose they are, whatever is on the stage meanwhile. */
function Origin({ sweep }: { readonly sweep: Sweep }) {
  const words = useWords();
  const outdated = useLensState((state) => outdatedBy(sweep, state));
  return (
    <p className={styles.origin}>
      {originText(sweep, words)}
      {outdated !== null && <strong> {words.sweep.outdated[outdated]}</strong>}
    </p>
  );
}
