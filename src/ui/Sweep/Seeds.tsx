/** Many seeds at one ratio: the average image, where the runs differ, and their losses. */
import { type CSSProperties, useMemo } from 'react';
import { sameGrid } from '../../mae/geometry.ts';
import { summarize } from '../../mae/patch-moments.ts';
import { type Outcome, outdatedBy, type Sweep } from '../../store/sweep/sweep.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import legend from '../Stage/Legend.module.css';
import { VIRIDIS_GRADIENT } from '../Stage/viridis.ts';
import { loss } from '../words.ts';
import { imagesOf, type RunsImages } from './images.ts';
import { LossDots } from './LossDots.tsx';
import { Numbers } from './Numbers.tsx';
import styles from './Runs.module.css';
import { RunsImage } from './RunsImage.tsx';
import { lossesOf } from './ratio-points.ts';
import { SweepBar } from './SurveyBar.tsx';
import { useSweep } from './use-runs.ts';
import { levels, patchRunsWords } from './words.ts';

export function Seeds() {
  const sweep = useSweep('seeds');
  return (
    <>
      <p className={styles.lead}>
        The same image many times, each time with other patches hidden. Where the runs agree, the model is
        sure. Where they differ, the visible patches do not settle what was there.
      </p>
      <SweepBar kind="seeds" />
      {sweep !== null && sweep.outcomes.length > 0 && <Outcomes sweep={sweep} />}
    </>
  );
}

function Outcomes({ sweep }: { readonly sweep: Sweep }) {
  const images = useMemo(() => imagesOf(sweep), [sweep]);
  const summary = useMemo(() => summarize(lossesOf(sweep.outcomes)), [sweep.outcomes]);
  const current = useLensState(
    (state) => outdatedBy(sweep, state) === null || sameButSeed(sweep, state.settings),
  );
  const runs = sweep.outcomes.length;
  return (
    <>
      <div className={styles.results}>
        <div className={styles.side}>
          {images !== null && (
            <div className={styles.images}>
              <figure>
                <h3 className={styles.subtitle}>average</h3>
                <RunsImage
                  scene={images.average}
                  summary={`Average of ${runs === 1 ? 'one run' : `${runs} runs`} of ${sweep.image.name}: every patch as the runs painted it that did not see it.`}
                />
                <figcaption className={styles.caption}>{averageWords(runs, images)}</figcaption>
              </figure>
              <figure>
                <h3 className={styles.subtitle}>spread</h3>
                <RunsImage scene={images.spread} summary={standardDeviationSummary(runs, images)} />
                <figcaption className={styles.caption}>
                  <StandardDeviationLegend images={images} />
                </figcaption>
              </figure>
            </div>
          )}
          <Pointed sweep={sweep} images={images} />
          {sweep.model.config.norm_pix_loss && (
            <p className={styles.caption}>
              This model paints patches without their brightness and contrast; those are taken from the
              original, so the spread is that of the structure alone.
            </p>
          )}
        </div>
        {summary !== null && (
          <div className={styles.side}>
            <dl className={styles.facts}>
              <div>
                <dt>Average of the {runs === 1 ? 'loss' : `${runs} losses`}</dt>
                <dd>
                  <strong>{loss(summary.mean)}</strong>
                  {summary.deviation !== null && ` ± ${loss(summary.deviation)} (standard deviation)`}
                </dd>
              </div>
              <Extreme name="Lowest" sweep={sweep} value={summary.min} />
              <Extreme name="Highest" sweep={sweep} value={summary.max} />
            </dl>
            <LossDots outcomes={sweep.outcomes} summary={summary} current={current} />
            <p className={styles.caption}>
              Each dot is one run. The line is their average, the band one standard deviation to each side
              {current && '; the ringed dot is the mask on the stage, if it is one of them'}.
            </p>
          </div>
        )}
      </div>
      <Numbers sweep={sweep} />
    </>
  );
}

/** The end of the losses, and the way to see it on the stage. */
function Extreme(props: { readonly name: string; readonly sweep: Sweep; readonly value: number }) {
  const { name, sweep, value } = props;
  const lens = useLens();
  const same = useLensState(({ settings }) => sameButSeed(sweep, settings));
  const run = sweep.outcomes.find((outcome: Outcome) => outcome.loss === value);
  if (run === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {loss(value)}
        {same ? (
          <>
            {' '}
            <button type="button" className={styles.offer} onClick={() => lens.setSeed(run.seed)}>
              Show seed {run.seed}
            </button>
          </>
        ) : (
          `, seed ${run.seed}`
        )}
      </dd>
    </div>
  );
}

/** Whether another seed alone makes the mask on the stage one of the sweep's. */
function sameButSeed({ settings }: Sweep, now: Sweep['settings']): boolean {
  return (
    settings.generator === now.generator &&
    settings.strategy === now.strategy &&
    settings.ratio === now.ratio &&
    settings.painted === now.painted
  );
}

function StandardDeviationLegend({
  images: { max, withoutStandardDeviation },
}: {
  readonly images: RunsImages;
}) {
  if (max === null) return 'A spread takes two runs that hid the same patch.';
  return (
    <span className={legend.legend}>
      <span>0</span>
      <span aria-hidden className={legend.scale} style={{ '--colours': VIRIDIS_GRADIENT } as CSSProperties} />
      <span>{levels(max)}</span>
      <span className={legend.words}>
        Standard deviation between the runs, in levels of 0 to 255 (root mean square over a patch’s pixels).
        {withoutStandardDeviation > 0 &&
          ` ${withoutStandardDeviation === 1 ? 'One dimmed patch was' : `${withoutStandardDeviation} dimmed patches were`} hidden in fewer than two runs and ${withoutStandardDeviation === 1 ? 'has' : 'have'} none.`}
      </span>
    </span>
  );
}

function averageWords(runs: number, { neverHidden }: RunsImages): string {
  const words = `What ${runs === 1 ? 'one run' : `${runs} runs`} painted, averaged: every patch over the runs that did not see it.`;
  if (neverHidden === 0) return words;
  return `${words} ${neverHidden === 1 ? 'One dimmed patch was visible in every run and has' : `${neverHidden} dimmed patches were visible in every run and have`} no average.`;
}

function standardDeviationSummary(runs: number, { max, standardDeviationLevels }: RunsImages): string {
  if (max === null) return 'Spread: not known before two runs have hidden the same patch.';
  const most = standardDeviationLevels.indexOf(max);
  return `Spread between ${runs} runs, patch by patch: up to ${levels(max)} levels of 255, most at patch ${most}.`;
}

/** One line that is always there, so that nothing beneath it moves. */
function Pointed({ sweep, images }: { readonly sweep: Sweep; readonly images: RunsImages | null }) {
  const patch = useLensState((state) =>
    sameGrid(state.masking.grid, sweep.geometry.grid) ? state.patch : null,
  );
  const words =
    patch === null || images === null || sweep.moments === null
      ? null
      : patchRunsWords(patch, sweep.outcomes.length, sweep.moments, images.standardDeviationLevels);
  return (
    <p className={styles.pointed}>
      {words ?? 'Point at a patch, here or on the panels, to read its numbers.'}
    </p>
  );
}
