import { BATCHES, documentationCell, IMPLEMENTATIONS } from './forward-rows.ts';
import { type ComparedRow, PASS_PARTS, ROW_KINDS, type RowKind } from './rows.ts';
import type { Summary } from './statistics.ts';
import type { Target } from './targets.ts';

const TITLES: Readonly<Record<RowKind, string>> = {
  forward: 'Forward pass',
  load: 'Loading a model',
  sweep: 'Sweep: several masks of one image at once',
  'cold-start': 'Cold start of the built page',
  tasks: 'What keeps the page from answering, from the navigation to the end of a drag',
  slider: 'From the slider to the image, on the built page',
  documentation: 'Eager attention against scaled dot product attention, milliseconds for a batch',
};

/** Markdown tables, one for each kind of row that there is. */
export function tables(rows: readonly ComparedRow[]): string {
  return ROW_KINDS.flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) return [];
    return [`### ${TITLES[kind]}\n\n${tableOf(kind, own)}`];
  }).join('\n\n');
}

function tableOf(kind: RowKind, rows: readonly ComparedRow[]): string {
  if (kind === 'forward') return forwardTable(rows);
  return kind === 'documentation' ? documentationTable(rows) : plainTable(rows);
}

/** As in transformers' ViTMAE documentation. */
function documentationTable(rows: readonly ComparedRow[]): string {
  const places = [...new Set(rows.map(({ model, label }) => [model, label].join('\n')))];
  const lines = places.flatMap((place) => {
    const own = rows.filter(({ model, label }) => [model, label].join('\n') === place);
    const median = (implementation: string, batch: number) =>
      own.find(({ what }) => what === documentationCell(implementation, batch))?.summary.median;
    return BATCHES.map((batch) => {
      const [eager, sdpa] = IMPLEMENTATIONS.map((implementation) => median(implementation, batch));
      const cell = (value: number | undefined) => (value === undefined ? '–' : number(value, 'ms'));
      const speedUp = eager === undefined || sdpa === undefined ? '–' : (eager / sdpa).toFixed(2);
      return [...place.split('\n'), String(batch), cell(eager), cell(sdpa), speedUp];
    });
  });
  return markdown(['model', 'runtime', 'batch', 'eager', 'sdpa', 'speed-up'], lines);
}

export function targetTable(judged: readonly Target[]): string {
  const lines = judged.map(({ what, reached, limit, unit, met }) => [
    what,
    `${reached.toFixed(2)} ${unit}`.trim(),
    `${limit.toFixed(2)} ${unit}`.trim(),
    met ? 'met' : 'missed',
  ]);
  return `### Targets\n\n${markdown(['target', 'reached', 'at most', ''], lines)}`;
}

/**
 * A document with what was measured between its two marks in place of what stood there.
 * @throws Error where it has no such marks
 */
export function withMeasured(document: string, measured: string): string {
  const [begin, end] = ['<!-- measured -->', '<!-- /measured -->'];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`The document has no ${begin} … ${end} to write between.`);
  return `${document.slice(0, from)}${begin}\n\n${measured}\n\n${document.slice(to)}`;
}

/** One line for encoder, decoder and both; the ratios are those of the whole, and of the encoder to 0 %. */
function forwardTable(rows: readonly ComparedRow[]): string {
  const passes = new Map<string, ComparedRow[]>();
  for (const row of rows) {
    const key = [row.model, row.label, row.masked].join('\n');
    passes.set(key, [...(passes.get(key) ?? []), row]);
  }
  const peers = namesOf(rows).filter((to) => to !== '0 % masked');
  const ofZero = rows.some(({ ratios }) => ratios.some(({ to }) => to === '0 % masked'));
  const header = [
    'model',
    'masked',
    'runtime',
    ...PASS_PARTS.map((part) => `${part} ms`),
    ...peers.map((to) => `to ${to}`),
    ...(ofZero ? ['encoder to 0 %'] : []),
  ];
  const lines = [...passes.values()].map((pass) => {
    const part = (what: string) => pass.find((row) => row.what === what);
    const [first] = pass;
    return [
      first?.model ?? '',
      masked(first?.masked ?? null),
      first?.label ?? '',
      ...PASS_PARTS.map((what) => spread(part(what)?.summary, 'ms')),
      ...peers.map((to) => ratioTo(part('whole') ?? part('encoder'), to)),
      ...(ofZero ? [ratioTo(part('encoder'), '0 % masked')] : []),
    ];
  });
  return markdown(header, lines);
}

function plainTable(rows: readonly ComparedRow[]): string {
  const peers = namesOf(rows);
  const withRatio = rows.some((row) => row.masked !== null);
  const header = [
    'model',
    ...(withRatio ? ['masked'] : []),
    'runtime',
    'what',
    'median (min – max)',
    '95 %',
    'runs',
    ...peers.map((to) => `to ${to}`),
  ];
  const lines = rows.map((row) => [
    row.model,
    ...(withRatio ? [masked(row.masked)] : []),
    row.label,
    row.what,
    `${spread(row.summary, row.unit)} ${row.unit}`,
    number(row.summary.p95, row.unit),
    String(row.summary.runs),
    ...peers.map((to) => ratioTo(row, to)),
  ]);
  return markdown(header, lines);
}

function markdown(header: readonly string[], lines: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** One row as a line of progress. */
export function line(row: ComparedRow): string {
  const place = [row.model, row.label, ...(row.masked === null ? [] : [masked(row.masked)])].join(' · ');
  return `${place} · ${row.what}: ${spread(row.summary, row.unit)} ${row.unit}, ${row.summary.runs} runs`;
}

function spread(summary: Summary | undefined, unit: ComparedRow['unit']): string {
  if (summary === undefined) return '–';
  const { min, median, max } = summary;
  return `${number(median, unit)} (${number(min, unit)} – ${number(max, unit)})`;
}

/** Three digits or so: more would be noise. */
function number(value: number, unit: ComparedRow['unit']): string {
  return unit === 'ms' && value < 10 ? value.toFixed(2) : value.toFixed(0);
}

function masked(ratio: number | null): string {
  return ratio === null ? '' : `${Math.round(ratio * 100)} %`;
}

function ratioTo(row: ComparedRow | undefined, name: string): string {
  return row?.ratios.find(({ to }) => to === name)?.ratio.toFixed(2) ?? '–';
}

function namesOf(rows: readonly ComparedRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ ratios }) => ratios.map(({ to }) => to)))];
}
