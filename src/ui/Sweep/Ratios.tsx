/** The loss at every ratio. */
import { useMemo } from 'react';
import type { Sweep } from '../../store/sweep/sweep.ts';
import { Numbers } from './Numbers.tsx';
import { RatioChart } from './RatioChart.tsx';
import styles from './Runs.module.css';
import { ratioPoints } from './ratio-points.ts';
import { SweepBar } from './SurveyBar.tsx';
import { useSweep } from './use-runs.ts';

export function Ratios() {
  const sweep = useSweep('ratios');
  return (
    <>
      <p className={styles.lead}>
        The same image with more and more of it hidden, from 5 % to 95 %. The loss tells how far the painted
        patches are from the original; it is that of the hidden patches alone.
      </p>
      <SweepBar kind="ratios" />
      {sweep !== null && sweep.outcomes.length > 0 && <Outcomes sweep={sweep} />}
    </>
  );
}

function Outcomes({ sweep }: { readonly sweep: Sweep }) {
  const points = useMemo(() => ratioPoints(sweep.outcomes), [sweep.outcomes]);
  const many = points.some(({ runs }) => runs > 1);
  if (points.length === 0) return null;
  return (
    <>
      <RatioChart points={points} />
      <p className={styles.caption}>
        {many
          ? 'The line is the average of the losses at each ratio, the band goes from the lowest to the highest. '
          : 'Each point is one run. '}
        The dashed line is the ratio of now, the ring the loss on the stage. At 0 % nothing is hidden, so
        there is no loss.
      </p>
      <Numbers sweep={sweep} />
    </>
  );
}
