/** The losses of all runs as a dot plot, with their average and how far they spread around it. */
import { scaleLinear } from 'd3-scale';
import type { Summary } from '../../mae/patch-moments.ts';
import type { Outcome } from '../../store/sweep/sweep.ts';
import { useLensState, useWords } from '../lens-context.tsx';
import { BottomAxis } from './Axes.tsx';
import styles from './Charts.module.css';
import { stackDots } from './ratio-points.ts';
import { useWidth } from './use-width.ts';

const DOT = 7;
const SIDE = 14;
const TITLE = 36;
/** For so many dots on each other there is room; more make the plot higher. */
const MIN_STACK = 6;

export function LossDots(props: {
  readonly outcomes: readonly Outcome[];
  readonly summary: Summary;
  /** Whether the mask on the stage is one of these. */
  readonly current: boolean;
}) {
  const { outcomes, summary, current } = props;
  const {
    quantities,
    sweep: { losses: words },
  } = useWords();
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const seed = useLensState((state) => state.settings.seed);
  const known = outcomes.flatMap((outcome) =>
    outcome.loss === null ? [] : [{ ...outcome, loss: outcome.loss }],
  );
  const { mean, deviation, min, max } = summary;
  // Equal losses would be a scale without a length.
  const room = Math.max((max - min) * 0.08, 0.002);
  const scale = scaleLinear()
    .domain([min - room, max + room])
    .range([SIDE, width - SIDE]);
  const dots = stackDots(
    known.map((outcome) => scale(outcome.loss)),
    DOT,
  );
  const height = Math.max(MIN_STACK, ...dots.map(({ beneath }) => beneath + 1)) * DOT + DOT;
  const spread = deviation ?? 0;
  const within = (value: number) => Math.min(width - SIDE, Math.max(SIDE, scale(value)));
  return (
    <div ref={ref} className={styles.chart}>
      <svg
        width={width}
        height={height + TITLE}
        role="img"
        aria-label={words.summary({ count: known.length, min, max, mean })}
      >
        <rect
          className={styles.band}
          x={within(mean - spread)}
          width={within(mean + spread) - within(mean - spread)}
          height={height}
        />
        <line className={styles.mean} x1={scale(mean)} x2={scale(mean)} y2={height} />
        {dots.map(({ x, beneath }, index) => {
          const run = known[index];
          return (
            <circle
              key={run?.seed}
              className={styles.dot}
              data-now={current && run?.seed === seed}
              cx={x}
              cy={height - DOT * (beneath + 0.5) - 1}
              r={DOT / 2 - 0.5}
            />
          );
        })}
        <BottomAxis scale={scale} ticks={Math.max(2, width / 90)} format={quantities.loss} y={height} />
        <text className={styles.title} x={width / 2} y={height + TITLE - 3} textAnchor="middle">
          {words.axis}
        </text>
      </svg>
    </div>
  );
}
