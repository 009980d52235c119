/**
 * Loss against ratio. The image is drawn; the points are radio buttons that lie over it, so that keyboard and
 * screen readers have what the mouse has, and one tab stop leads to all of them.
 */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type CSSProperties, useId, useState } from 'react';
import type { Words } from '../../locales/words.ts';
import { shownRatio } from '../../store/mask/masking.ts';
import { isCurrent, shownResult } from '../../store/state.ts';
import { ratioReason } from '../Controls/notes.ts';
import { useLens, useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { BottomAxis, LeftAxis } from './Axes.tsx';
import styles from './Charts.module.css';
import type { RatioPoint } from './ratio-points.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 270;
const EDGE = { top: 14, right: 12, bottom: 42, left: 50 } as const;

export function RatioChart({ points }: { readonly points: readonly RatioPoint[] }) {
  const lens = useLens();
  const { sweep, quantities } = useWords();
  const { chart } = sweep;
  const percent = quantities.ratio;
  const name = useId();
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const [pointed, setPointed] = useState<number | null>(null);
  const ratio = useLensState((state) => shownRatio(state.masking));
  const live = useLensState((state) => (isCurrent(state) ? (shownResult(state)?.loss ?? null) : null));
  const reason = useLensWords(ratioReason);

  const right = width - EDGE.right;
  const bottom = HEIGHT - EDGE.bottom;
  const x = scaleLinear().domain([0, 1]).range([EDGE.left, right]);
  const most = Math.max(live ?? 0, ...points.map(({ losses }) => losses.max));
  const y = scaleLinear().domain([0, most]).nice(5).range([bottom, EDGE.top]);
  const band = area<RatioPoint>()
    .x((point) => x(point.ratio))
    .y0(({ losses }) => y(losses.min))
    .y1(({ losses }) => y(losses.max));
  const means = line<RatioPoint>()
    .x((point) => x(point.ratio))
    .y(({ losses }) => y(losses.mean));

  const chosen = points.find((point) => percent(point.ratio) === percent(ratio));
  const told = points.find((point) => point.ratio === pointed) ?? chosen;
  const step = x(0.05) - x(0);
  return (
    <div>
      <div ref={ref} className={styles.chart} style={{ height: HEIGHT }}>
        <svg width={width} height={HEIGHT} aria-hidden>
          <LeftAxis scale={y} ticks={5} format={chart.lossTick} from={EDGE.left} to={right} />
          <BottomAxis scale={x} ticks={4} format={percent} y={bottom} />
          <text className={styles.title} x={(EDGE.left + right) / 2} y={HEIGHT - 4} textAnchor="middle">
            {chart.ratioAxis}
          </text>
          <text
            className={styles.title}
            transform={`translate(12 ${(EDGE.top + bottom) / 2}) rotate(-90)`}
            textAnchor="middle"
          >
            {chart.lossAxis}
          </text>
          <path className={styles.band} d={band(points) ?? ''} />
          <path className={styles.line} d={means(points) ?? ''} />
          <line className={styles.now} x1={x(ratio)} x2={x(ratio)} y1={EDGE.top} y2={bottom} />
          {points.map((point) => (
            <circle
              key={point.ratio}
              className={styles.point}
              data-pointed={point === told}
              cx={x(point.ratio)}
              cy={y(point.losses.mean)}
              r={point === told ? 5 : 3}
            />
          ))}
          {live !== null && <circle className={styles.live} cx={x(ratio)} cy={y(live)} r={5} />}
        </svg>
        <div role="radiogroup" aria-label={chart.label} aria-disabled={reason !== null}>
          {points.map((point) => (
            <label
              key={point.ratio}
              className={styles.target}
              style={
                {
                  '--x': `${x(point.ratio)}px`,
                  '--step': `${step}px`,
                  '--bottom': `${EDGE.bottom}px`,
                } as CSSProperties
              }
              onPointerEnter={() => setPointed(point.ratio)}
              onPointerLeave={() => setPointed(null)}
            >
              <input
                type="radio"
                name={name}
                aria-label={pointText(point, sweep)}
                checked={point === chosen}
                disabled={reason !== null}
                onChange={() => {
                  lens.setRatio(point.ratio);
                  lens.endStep();
                }}
                onFocus={() => setPointed(point.ratio)}
                onBlur={() => setPointed(null)}
              />
            </label>
          ))}
        </div>
      </div>
      <p className={styles.read}>
        {told === undefined ? chart.now({ ratio }) : chart.told({ point: pointText(told, sweep) })}
        {reason !== null && ` ${reason}`}
      </p>
    </div>
  );
}

function pointText({ ratio, runs, losses }: RatioPoint, { chart }: Words['sweep']): string {
  return chart.point({ ratio, count: runs, ...losses });
}
