/** How many runs, start and cancel, how far they are, and what the ones that are shown are of. */
import { useId } from 'react';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { SEED_COUNTS, SEEDS_PER_RATIO, SWEEP_RATIOS, type SweepKind } from '../../store/sweep/plan.ts';
import { outdatedBy, type Sweep } from '../../store/sweep/sweep.ts';
import button from '../Button/Button.module.css';
import controls from '../Controls/Controls.module.css';
import { useLens, useLensState } from '../lens-context.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Runs.module.css';
import { useBlocked, useRunsState, useSweep } from './use-runs.ts';
import { blockedWords, endWords, OUTDATED_WORDS, originWords, progressWords } from './words.ts';

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

const COUNTS = {
  seeds: {
    label: 'Seeds',
    tip: 'How many masks: each seed hides other patches. Counted up from the seed of the page.',
    counts: SEED_COUNTS,
  },
  ratios: {
    label: 'Seeds at each ratio',
    tip: 'One run at each ratio is quick. More show how much the loss depends on which patches are hidden.',
    counts: SEEDS_PER_RATIO,
  },
} as const;

function Count({ kind, disabled }: { readonly kind: SweepKind; readonly disabled: boolean }) {
  const { runs } = useLens();
  const name = useId();
  const chosen = useRunsState((state) => state.seeds[kind]);
  const { label, tip, counts } = COUNTS[kind];
  return (
    <Tip text={tip}>
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
          {counts.map((count) => (
            <label key={count} className={controls.segment}>
              <input
                type="radio"
                name={name}
                checked={count === chosen}
                disabled={disabled}
                onChange={() => runs.setSeeds(kind, count)}
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
  const { runs } = useLens();
  const blocked = useBlocked(kind);
  const seeds = useRunsState((state) => state.seeds[kind]);
  const drawn = useLensState(({ settings }) => findStrategy(settings.strategy)?.usesSeed === true);
  const count = kind === 'seeds' ? seeds : SWEEP_RATIOS.length * (drawn ? seeds : 1);
  return (
    <button
      type="button"
      className={`${button.button} ${button.solid}`}
      aria-disabled={blocked !== null}
      onClick={() => runs.start(kind)}
    >
      {last === count ? 'Run again' : `Start ${count} runs`}
    </button>
  );
}

function Cancel({ sweep }: { readonly sweep: Sweep }) {
  const { runs } = useLens();
  return (
    <button
      type="button"
      className={`${button.button} ${styles.cancel}`}
      aria-disabled={sweep.status === 'cancelling'}
      onClick={runs.cancel}
    >
      Cancel
    </button>
  );
}

function Progress({ sweep }: { readonly sweep: Sweep }) {
  const { outcomes, total, kind } = sweep;
  return (
    <>
      <div className={styles.progress}>
        <ProgressBar label={`Runs over ${kind}`} done={outcomes.length / total} units={total} />
      </div>
      <p>{progressWords(sweep)}</p>
    </>
  );
}

function Blocked({ kind }: { readonly kind: SweepKind }) {
  const lens = useLens();
  const blocked = useBlocked(kind);
  const settings = useLensState((state) => state.settings);
  if (blocked === null) return null;
  const { words, random } = blockedWords(blocked, kind, settings);
  return (
    <p>
      {words}{' '}
      {random && (
        <button type="button" className={styles.offer} onClick={() => lens.setStrategy('random')}>
          Use random masking
        </button>
      )}
    </p>
  );
}

function End({ sweep }: { readonly sweep: Sweep }) {
  const { error, outcomes, total } = sweep;
  if (error === null) return <p>{endWords(sweep)}</p>;
  return (
    <p role="alert" className={styles.error}>
      {error.message} What was done stays here ({outcomes.length} of {total} runs). Run again to begin anew.
    </p>
  );
}

/** Runs stay whose they are, whatever is on the stage meanwhile. */
function Origin({ sweep }: { readonly sweep: Sweep }) {
  const outdated = useLensState((state) => outdatedBy(sweep, state));
  return (
    <p className={styles.origin}>
      Of: {originWords(sweep)}.{outdated !== null && <strong> {OUTDATED_WORDS[outdated]}</strong>}
    </p>
  );
}
