/** What a first visit costs: until something is seen, until a result is, and until the live model has painted one. */
import type { Browser } from '@playwright/test';
import { type BuiltPage, ISOLATION, type Milestones, visit } from './built-page.ts';
import { ISOLATED_HOST } from './compare.ts';
import { startHost } from './host.ts';
import type { BenchModel } from './models.ts';
import type { Milestone } from './page/recorder.ts';
import type { Report, Row } from './rows.ts';
import { summarize } from './statistics.ts';

/** Visits that are timed for each row. */
const VISITS = 5;

const HOSTS = [
  { id: ISOLATED_HOST, label: 'host with isolation headers', headers: ISOLATION },
  { id: 'host-plain', label: 'host without headers', headers: {} },
] as const;

export async function measureColdStart(
  browser: Browser,
  built: BuiltPage,
  { name, folder }: BenchModel,
  report: Report,
): Promise<void> {
  const site = await built.site(folder);
  for (const { id, label, headers } of HOSTS) {
    const host = await startHost(site, headers);
    try {
      const visits: Milestones[] = [];
      for (let i = 0; i < VISITS; i++) {
        const { until, close } = await visit(browser, host, built);
        try {
          visits.push(await until('live'));
        } finally {
          await close();
        }
      }
      const shared = { kind: 'cold-start', model: name, runtime: id, label, masked: null } as const;
      coldStartRows(shared, visits).forEach(report.add);
    } catch (error) {
      report.failed(`cold start of ${name}, ${label}`, error);
    } finally {
      await host.close();
    }
  }
}

const SHOWN: readonly { readonly milestone: Milestone; readonly what: string }[] = [
  { milestone: 'first-contentful-paint', what: 'first paint' },
  { milestone: 'first-result', what: 'first result, computed ahead' },
  { milestone: 'live', what: 'first live result' },
];

function coldStartRows(
  shared: Omit<Row, 'what' | 'unit' | 'summary'>,
  visits: readonly Milestones[],
): readonly Row[] {
  const samples = (milestone: Milestone) =>
    visits.flatMap((milestones) => {
      const reached = milestones.get(milestone);
      return reached === undefined ? [] : [reached];
    });
  const row = (what: string, unit: Row['unit'], values: readonly number[]): readonly Row[] =>
    values.length === 0 ? [] : [{ ...shared, what, unit, summary: summarize(values) }];
  return [
    ...SHOWN.flatMap(({ milestone, what }) =>
      row(
        what,
        'ms',
        samples(milestone).map(({ ms }) => ms),
      ),
    ),
    ...SHOWN.slice(1).flatMap(({ milestone, what }) => [
      ...row(
        `scripts until the ${what}`,
        'kB',
        samples(milestone).map(({ sent }) => sent.scripts / 1000),
      ),
      ...row(
        `all bytes until the ${what}`,
        'kB',
        samples(milestone).map(({ sent }) => sent.all / 1000),
      ),
    ]),
  ];
}
