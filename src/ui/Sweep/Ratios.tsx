/** The loss at every ratio. */
import { useMemo } from 'react';
import type { Sweep } from '../../store/sweep/sweep.ts';
import { useWords } from '../lens-context.tsx';
import { Numbers } from './Numbers.tsx';
import { RatioChart } from './RatioChart.tsx';
import { ratioPoints } from './ratio-points.ts';
import { SweepBar } from './SweepBar.tsx';
import styles from './SweepPanel.module.css';
import { useSweep } from './use-sweeps.ts';

export function Ratios() {
  const { ratios } = useWords().sweep;
  const sweep = useSweep('ratios');
  return (
    <>
      <p className={styles.lead}>{ratios.lead}</p>
      <SweepBar kind="ratios" />
      {sweep !== null && sweep.outcomes.length > 0 && <Outcomes sweep={sweep} />}
    </>
  );
}

function Outcomes({ sweep }: { readonly sweep: Sweep }) {
  const { chart } = useWords().sweep;
  const points = useMemo(() => ratioPoints(sweep.outcomes), [sweep.outcomes]);
  const many = points.some(({ runs }) => runs > 1);
  if (points.length === 0) return null;
  return (
    <>
      <RatioChart points={points} />
      <p className={styles.caption}>{many ? chart.captionMany : chart.captionOne}</p>
      <Numbers sweep={sweep} />
    </>
  );
}
