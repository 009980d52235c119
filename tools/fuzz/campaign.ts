import fc from 'fast-check';
import { OUTCOMES, type Outcome, type Target } from './targets.ts';

export interface Tally {
  readonly name: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** What was wrong, with the smallest input that shows it and what repeats it; null where nothing was. */
  readonly failure: string | null;
}

/** One try must be over by then. In milliseconds. */
const PATIENCE = 20_000;

/**
 * Tries one target.
 * @param thousands how many times the target's tries for a thousand of the quickest one
 */
export async function tryTarget(target: Target, seed: number, thousands: number): Promise<Tally> {
  const counts: Record<Outcome, number> = { same: 0, refused: 0, other: 0 };
  const property = target.property((outcome) => {
    counts[outcome] += 1;
  });
  const numRuns = Math.max(1, Math.round(thousands * target.perThousand));
  const details = await fc.check(property, { seed, numRuns, timeout: PATIENCE });
  if (!details.failed) return { name: target.name, counts, failure: null };
  const { stack } = details.errorInstance instanceof Error ? details.errorInstance : new Error();
  return { name: target.name, counts, failure: `${fc.defaultReportMessage(details)}\n${stack}` };
}

/** The tallies as a table in Markdown. */
export function tallyTable(tallies: readonly Tally[]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const sum = (counts: Tally['counts']) => OUTCOMES.reduce((total, outcome) => total + counts[outcome], 0);
  const total = (outcome: Outcome) => tallies.reduce((all, { counts }) => all + counts[outcome], 0);
  const all = { same: total('same'), refused: total('refused'), other: total('other') };
  const line = (name: string, counts: Tally['counts']) =>
    row([
      name,
      ...[sum(counts), ...OUTCOMES.map((outcome) => counts[outcome])].map((n) => n.toLocaleString('en')),
    ]);
  return [
    row(['what', 'tries', 'as unchanged', 'refused', 'taken as something else']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...tallies.map(({ name, counts }) => line(name, counts)),
    line('all', all),
  ].join('\n');
}
