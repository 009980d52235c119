/** The numbers behind the charts, to read and to take along. */
import { Download } from 'lucide-react';
import { fileName } from '../../share/images.ts';
import { download } from '../../share/save.ts';
import { sweepCsv } from '../../share/sweep.ts';
import type { Sweep } from '../../store/sweep/sweep.ts';
import button from '../Button/Button.module.css';
import { useWords } from '../lens-context.tsx';
import { ratioPoints } from './ratio-points.ts';
import styles from './SweepPanel.module.css';

export function Numbers({ sweep }: { readonly sweep: Sweep }) {
  const words = useWords();
  const { numbers } = words.sweep;
  const { fileNames } = words.share;
  const save = (): void => {
    const csv = new Blob([sweepCsv(sweep)], { type: 'text/csv' });
    download(csv, fileName(sweep.image.name, fileNames[sweep.kind], 'csv', words));
  };
  return (
    <div className={styles.numbers}>
      <details>
        <summary>{numbers.all}</summary>
        {sweep.kind === 'seeds' ? <SeedTable sweep={sweep} /> : <RatioTable sweep={sweep} />}
      </details>
      <button type="button" className={button.button} onClick={save}>
        <Download aria-hidden className={button.symbol} />
        {numbers.csv}
      </button>
    </div>
  );
}

function SeedTable({ sweep }: { readonly sweep: Sweep }) {
  const {
    sweep: { numbers },
    quantities: { loss },
  } = useWords();
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{numbers.seedCaption}</caption>
      <thead>
        <tr>
          <th scope="col">{numbers.seed}</th>
          <th scope="col">{numbers.masked}</th>
          <th scope="col">{numbers.loss}</th>
        </tr>
      </thead>
      <tbody>
        {sweep.outcomes.map((run) => (
          <tr key={run.seed}>
            <th scope="row">{run.seed}</th>
            <td>{run.masked}</td>
            <td>{run.loss === null ? numbers.noLoss : loss(run.loss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RatioTable({ sweep }: { readonly sweep: Sweep }) {
  const {
    sweep: { numbers },
    quantities: { loss, ratio: percent },
  } = useWords();
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{numbers.ratioCaption}</caption>
      <thead>
        <tr>
          <th scope="col">{numbers.ratio}</th>
          <th scope="col">{numbers.masked}</th>
          <th scope="col">{numbers.runs}</th>
          <th scope="col">{numbers.mean}</th>
          <th scope="col">{numbers.min}</th>
          <th scope="col">{numbers.max}</th>
        </tr>
      </thead>
      <tbody>
        {ratioPoints(sweep.outcomes).map(({ ratio, runs, masked: [least, most], losses }) => (
          <tr key={ratio}>
            <th scope="row">{percent(ratio)}</th>
            <td>{numbers.maskedRange({ least, most })}</td>
            <td>{runs}</td>
            <td>{loss(losses.mean)}</td>
            <td>{loss(losses.min)}</td>
            <td>{loss(losses.max)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
