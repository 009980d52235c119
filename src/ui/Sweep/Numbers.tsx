/** The numbers behind the charts, to read and to take along. */
import { Download } from 'lucide-react';
import { fileName } from '../../share/images.ts';
import { download } from '../../share/save.ts';
import { runsCsv } from '../../share/sweep.ts';
import type { Sweep } from '../../store/sweep/sweep.ts';
import button from '../Button/Button.module.css';
import { loss, percent } from '../words.ts';
import styles from './Runs.module.css';
import { ratioPoints } from './ratio-points.ts';

export function Numbers({ sweep }: { readonly sweep: Sweep }) {
  const save = (): void => {
    const csv = new Blob([runsCsv(sweep)], { type: 'text/csv' });
    download(csv, fileName(sweep.image.name, `runs-${sweep.kind}`, 'csv'));
  };
  return (
    <div className={styles.numbers}>
      <details>
        <summary>All numbers</summary>
        {sweep.kind === 'seeds' ? <SeedTable sweep={sweep} /> : <RatioTable sweep={sweep} />}
      </details>
      <button type="button" className={button.button} onClick={save}>
        <Download aria-hidden className={button.symbol} />
        Save as CSV
      </button>
    </div>
  );
}

function SeedTable({ sweep }: { readonly sweep: Sweep }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">The loss of each run</caption>
      <thead>
        <tr>
          <th scope="col">Seed</th>
          <th scope="col">Hidden patches</th>
          <th scope="col">Loss</th>
        </tr>
      </thead>
      <tbody>
        {sweep.outcomes.map((run) => (
          <tr key={run.seed}>
            <th scope="row">{run.seed}</th>
            <td>{run.hidden}</td>
            <td>{run.loss === null ? 'none' : loss(run.loss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RatioTable({ sweep }: { readonly sweep: Sweep }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">The losses at each mask ratio</caption>
      <thead>
        <tr>
          <th scope="col">Mask ratio</th>
          <th scope="col">Hidden patches</th>
          <th scope="col">Runs</th>
          <th scope="col">Average loss</th>
          <th scope="col">Lowest</th>
          <th scope="col">Highest</th>
        </tr>
      </thead>
      <tbody>
        {ratioPoints(sweep.outcomes).map(({ ratio, runs, hidden: [least, most], losses }) => (
          <tr key={ratio}>
            <th scope="row">{percent(ratio)}</th>
            <td>{least === most ? least : `${least} to ${most}`}</td>
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
