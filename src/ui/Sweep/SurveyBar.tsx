/** How many runs, start and cancel, how far they are, and what the ones that are shown are of. */
import { useId } from 'react';
import { findStrategy } from '../../mae/strategies/strategies.ts';
import { outdatedBy, type Survey } from '../../store/sweep/sweep.ts';
import { SEED_COUNTS, SEEDS_PER_RATIO, SURVEY_RATIOS, type SurveyKind } from '../../store/sweep/plan.ts';
import button from '../Button/Button.module.css';
import controls from '../Controls/Controls.module.css';
import { useLens, useLensState } from '../lens-context.tsx';
import { ProgressBar } from '../Progress/ProgressBar.tsx';
import { Tip } from '../Tip/Tip.tsx';
import styles from './Runs.module.css';
import { useBlocked, useRunsState, useSurvey } from './use-runs.ts';
import { blockedWords, endWords, OUTDATED_WORDS, originWords, progressWords } from './words.ts';

export function SurveyBar({ kind }: { readonly kind: SurveyKind }) {
  const survey = useSurvey(kind);
  const running = survey !== null && (survey.status === 'running' || survey.status === 'cancelling');
  return (
    <div className={styles.bar}>
      <div className={styles.choice}>
        <Count kind={kind} disabled={running} />
        {running ? <Cancel survey={survey} /> : <Start kind={kind} last={survey?.total ?? null} />}
      </div>
      <div className={styles.state}>
        {running ? <Progress survey={survey} /> : <Blocked kind={kind} />}
        {survey !== null && !running && <End survey={survey} />}
        {survey !== null && <Origin survey={survey} />}
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

function Count({ kind, disabled }: { readonly kind: SurveyKind; readonly disabled: boolean }) {
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

function Start({ kind, last }: { readonly kind: SurveyKind; readonly last: number | null }) {
  const { runs } = useLens();
  const blocked = useBlocked(kind);
  const seeds = useRunsState((state) => state.seeds[kind]);
  const drawn = useLensState(({ settings }) => findStrategy(settings.strategy)?.usesSeed === true);
  const count = kind === 'seeds' ? seeds : SURVEY_RATIOS.length * (drawn ? seeds : 1);
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

function Cancel({ survey }: { readonly survey: Survey }) {
  const { runs } = useLens();
  return (
    <button
      type="button"
      className={`${button.button} ${styles.cancel}`}
      aria-disabled={survey.status === 'cancelling'}
      onClick={runs.cancel}
    >
      Cancel
    </button>
  );
}

function Progress({ survey }: { readonly survey: Survey }) {
  const { outcomes, total, kind } = survey;
  return (
    <>
      <div className={styles.progress}>
        <ProgressBar label={`Runs over ${kind}`} done={outcomes.length / total} units={total} />
      </div>
      <p>{progressWords(survey)}</p>
    </>
  );
}

function Blocked({ kind }: { readonly kind: SurveyKind }) {
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

function End({ survey }: { readonly survey: Survey }) {
  const { error, outcomes, total } = survey;
  if (error === null) return <p>{endWords(survey)}</p>;
  return (
    <p role="alert" className={styles.error}>
      {error.message} What was done stays here ({outcomes.length} of {total} runs). Run again to begin anew.
    </p>
  );
}

/** Runs stay whose they are, whatever is on the stage meanwhile. */
function Origin({ survey }: { readonly survey: Survey }) {
  const outdated = useLensState((state) => outdatedBy(survey, state));
  return (
    <p className={styles.origin}>
      Of: {originWords(survey)}.{outdated !== null && <strong> {OUTDATED_WORDS[outdated]}</strong>}
    </p>
  );
}
