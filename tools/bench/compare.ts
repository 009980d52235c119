/** Which row is held against which: the peers of the same run, and the page against itself. */
import type { ComparedRow, Row } from './rows.ts';
import { inFloat32, OUR_RUNTIMES } from './runtimes.ts';

/** A peer by the name under which tables show it, and what its row has that a given one has not. */
interface Comparison {
  readonly to: string;
  readonly peerOf: (row: Row) => Partial<Row> | null;
}

/** Peers are not held against each other. */
const ours = (runtime: string) => OUR_RUNTIMES.some(({ id }) => id === runtime);
const peer = (id: string) => (row: Row) => (ours(row.runtime) ? { runtime: id } : null);

const FORWARD: readonly Comparison[] = [
  { to: 'onnxruntime-node', peerOf: peer('onnxruntime-node') },
  { to: 'PyTorch eager', peerOf: peer('torch-eager') },
  { to: 'PyTorch sdpa', peerOf: peer('torch-sdpa') },
  {
    to: 'transformers.js',
    peerOf: ({ runtime }) => {
      const [, place] = /^(wasm-\d+|webgpu)-/.exec(runtime) ?? [];
      return place === undefined ? null : { runtime: `transformers.js-${place}` };
    },
  },
  {
    to: 'fp32',
    peerOf: ({ runtime }) => {
      const exact = inFloat32(runtime);
      return exact === null ? null : { runtime: exact };
    },
  },
];

const COMPARISONS: Readonly<Record<Row['kind'], readonly Comparison[]>> = {
  forward: [...FORWARD, { to: '0 % masked', peerOf: ({ masked }) => (masked === 0 ? null : { masked: 0 }) }],
  sweep: [
    { to: 'batch 1', peerOf: ({ what }) => (what === batchOf(1) ? null : { what: batchOf(1) }) },
    ...FORWARD,
  ],
  load: [{ to: 'PyTorch from_pretrained', peerOf: peer('torch') }],
  'cold-start': [{ to: 'isolated host', peerOf: () => ({ runtime: ISOLATED_HOST }) }],
  tasks: [],
  documentation: [],
  slider: [{ to: 'its forward pass', peerOf: ({ what }) => ({ what: forwardPassOf(what) }) }],
};

export const ISOLATED_HOST = 'host-isolated';

/** What a sweep's row is called. */
export function batchOf(masks: number): string {
  return `batch ${masks}, for each mask`;
}

/** In which the page's own thread is watched. */
export const PHASES = ['until the first result', 'until the model is live', 'the drag'] as const;
export type Phase = (typeof PHASES)[number];
/** What the row of the longest task is called: by the clock, or by the processor's work alone. */
export function longestTask(during: Phase, by: 'the clock' | 'its work'): string {
  return `longest task by ${by}, ${during}`;
}

/** The kinds of drag, and what is timed in each. */
export type Drag = 'live drag' | 'step by step';
export const FORWARD_PASS = 'forward pass';
export function sliderRow(drag: Drag, what: string): string {
  return `${drag}: ${what}`;
}
function forwardPassOf(what: string): string {
  return what.replace(/: .*$/, `: ${FORWARD_PASS}`);
}

/** Every row with the ratio of its median to that of each peer that was measured. */
export function compare(rows: readonly Row[]): ComparedRow[] {
  return rows.map((row) => ({
    ...row,
    ratios: COMPARISONS[row.kind].flatMap(({ to, peerOf }) => {
      const change = peerOf(row);
      if (change === null) return [];
      const other = find(rows, { ...row, ...change });
      return other === undefined || other === row
        ? []
        : [{ to, ratio: row.summary.median / other.summary.median }];
    }),
  }));
}

/** The row of this kind, model, runtime, ratio, name and unit. */
export function find<T extends Row>(
  rows: readonly T[],
  wanted: Pick<Row, 'kind' | 'model' | 'runtime' | 'masked' | 'what' | 'unit'>,
): T | undefined {
  return rows.find(
    (row) =>
      row.kind === wanted.kind &&
      row.model === wanted.model &&
      row.runtime === wanted.runtime &&
      row.masked === wanted.masked &&
      row.what === wanted.what &&
      row.unit === wanted.unit,
  );
}
