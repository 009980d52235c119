/** Many seeds at one ratio: the average image, where the runs differ, and their losses. */
import { type CSSProperties, useMemo } from 'react';
import type { Words } from '../../locales/words.ts';
import { sameGrid } from '../../mae/geometry.ts';
import { summarize } from '../../mae/patch-moments.ts';
import { type Outcome, outdatedBy, type Sweep } from '../../store/sweep/sweep.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import { Rich } from '../Rich/Rich.tsx';
import legend from '../Stage/Legend.module.css';
import { VIRIDIS_GRADIENT } from '../Stage/viridis.ts';
import { imagesOf, type RunsImages } from './images.ts';
import { LossDots } from './LossDots.tsx';
import { Numbers } from './Numbers.tsx';
import { lossesOf } from './ratio-points.ts';
import { SweepBar } from './SweepBar.tsx';
import { SweepImage } from './SweepImage.tsx';
import styles from './SweepPanel.module.css';
import { patchText } from './texts.ts';
import { useSweep } from './use-sweeps.ts';

export function Seeds() {
  const { seeds } = useWords().sweep;
  const sweep = useSweep('seeds');
  return (
    <>
      <p className={styles.lead}>{seeds.lead}</p>
      <SweepBar kind="seeds" />
      {sweep !== null && sweep.outcomes.length > 0 && <Outcomes sweep={sweep} />}
    </>
  );
}

function Outcomes({ sweep }: { readonly sweep: Sweep }) {
  const { average, spread, losses } = useWords().sweep;
  const images = useMemo(() => imagesOf(sweep), [sweep]);
  const summary = useMemo(() => summarize(lossesOf(sweep.outcomes)), [sweep.outcomes]);
  const current = useLensState(
    (state) => outdatedBy(sweep, state) === null || sameButSeed(sweep, state.settings),
  );
  const count = sweep.outcomes.length;
  return (
    <>
      <div className={styles.results}>
        <div className={styles.side}>
          {images !== null && (
            <div className={styles.images}>
              <figure>
                <h3 className={styles.subtitle}>{average.title}</h3>
                <SweepImage
                  scene={images.average}
                  summary={average.summary({ count, image: sweep.image.name })}
                />
                <figcaption className={styles.caption}>
                  {average.caption({ count, neverMasked: images.neverHidden })}
                </figcaption>
              </figure>
              <figure>
                <h3 className={styles.subtitle}>{spread.title}</h3>
                <SweepImage scene={images.spread} summary={spreadSummary(count, images, spread)} />
                <figcaption className={styles.caption}>
                  <SpreadLegend images={images} />
                </figcaption>
              </figure>
            </div>
          )}
          <Pointed sweep={sweep} images={images} />
          {sweep.model.config.norm_pix_loss && <p className={styles.caption}>{spread.ofStructure}</p>}
        </div>
        {summary !== null && (
          <div className={styles.side}>
            <dl className={styles.facts}>
              <div>
                <dt>{losses.average({ count })}</dt>
                <dd>
                  <Rich text={losses.mean(summary)} />
                </dd>
              </div>
              <Extreme name={losses.lowest} sweep={sweep} value={summary.min} />
              <Extreme name={losses.highest} sweep={sweep} value={summary.max} />
            </dl>
            <LossDots outcomes={sweep.outcomes} summary={summary} current={current} />
            <p className={styles.caption}>{current ? losses.captionRinged : losses.caption}</p>
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
  const { sweep: words, quantities } = useWords();
  const same = useLensState(({ settings }) => sameButSeed(sweep, settings));
  const run = sweep.outcomes.find((outcome: Outcome) => outcome.loss === value);
  if (run === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {same ? (
          <>
            {quantities.loss(value)}{' '}
            <button type="button" className={styles.offer} onClick={() => lens.setSeed(run.seed)}>
              {words.losses.showSeed(run)}
            </button>
          </>
        ) : (
          words.losses.ofSeed({ value, seed: run.seed })
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

function SpreadLegend({ images }: { readonly images: RunsImages }) {
  const {
    sweep: { spread },
    quantities,
  } = useWords();
  const { max, withoutStandardDeviation } = images;
  if (max === null) return spread.takesTwo;
  return (
    <span className={legend.legend}>
      <span>0</span>
      <span aria-hidden className={legend.scale} style={{ '--colours': VIRIDIS_GRADIENT } as CSSProperties} />
      <span>{quantities.levels(max)}</span>
      <span className={legend.words}>{spread.legend({ without: withoutStandardDeviation })}</span>
    </span>
  );
}

function spreadSummary(
  count: number,
  { max, standardDeviationLevels }: RunsImages,
  spread: Words['sweep']['spread'],
): string {
  return max === null
    ? spread.notKnown
    : spread.summary({ count, most: max, patch: standardDeviationLevels.indexOf(max) });
}

/** One line that is always there, so that nothing beneath it moves. */
function Pointed({ sweep, images }: { readonly sweep: Sweep; readonly images: RunsImages | null }) {
  const patch = useLensState((state) =>
    sameGrid(state.masking.grid, sweep.geometry.grid) ? state.patch : null,
  );
  const words = useWords();
  const text =
    patch === null || images === null || sweep.moments === null
      ? null
      : patchText(patch, sweep.outcomes.length, sweep.moments, images.standardDeviationLevels, words);
  return <p className={styles.pointed}>{text ?? words.sweep.point}</p>;
}
