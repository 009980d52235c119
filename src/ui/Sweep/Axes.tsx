/** The axes of a chart, from d3's scales. */
import type { ScaleLinear } from 'd3-scale';
import styles from './Charts.module.css';

interface AxisProps {
  readonly scale: ScaleLinear<number, number>;
  /** About how many ticks. */
  readonly ticks: number;
  readonly format: (value: number) => string;
}

/** Along the lower edge. */
export function BottomAxis({ scale, ticks, format, y }: AxisProps & { readonly y: number }) {
  const [from = 0, to = 0] = scale.range();
  return (
    <g className={styles.axis}>
      <line x1={from} x2={to} y1={y} y2={y} />
      {scale.ticks(ticks).map((tick) => (
        <g key={tick} transform={`translate(${scale(tick)} ${y})`}>
          <line y2={4} />
          <text y={17} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Along the left edge, with a line across the chart at every tick. */
export function LeftAxis({ scale, ticks, format, from, to }: AxisProps & { from: number; to: number }) {
  return (
    <g className={styles.axis}>
      {scale.ticks(ticks).map((tick) => (
        <g key={tick} transform={`translate(0 ${scale(tick)})`}>
          <line className={styles.grid} x1={from} x2={to} />
          <text x={from - 7} dy="0.32em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}
