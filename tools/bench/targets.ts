/** The speed that the project aims at, beside what was measured. */
import { batchOf, find, ISOLATED_HOST, longestTask, PHASES, sliderRow } from './compare.ts';
import type { Row } from './rows.ts';

export interface Target {
  readonly what: string;
  readonly reached: number;
  readonly limit: number;
  readonly met: boolean;
  /** In which `reached` and `limit` are; empty for a ratio. */
  readonly unit: string;
}

/** Those for which everything was measured in this run. */
export function targets(rows: readonly Row[]): Target[] {
  const base = (runtime: string, masked = 0.75, what = 'whole') =>
    find(rows, { kind: 'forward', model: 'base', runtime, masked, what, unit: 'ms' })?.summary.median;
  const best = ofKnown(Math.min, [base('wasm-2-fp32'), base('wasm-2-q8')]);
  const rest = (model: string) =>
    find(rows, {
      kind: 'slider',
      model,
      runtime: 'page-isolated',
      masked: null,
      what: sliderRow('step by step', 'all but the forward pass'),
      unit: 'ms',
    })?.summary.p95;
  const sweep = (batch: number) =>
    find(rows, {
      kind: 'sweep',
      model: 'base',
      runtime: 'wasm-2-fp32',
      masked: 0.75,
      what: batchOf(batch),
      unit: 'ms',
    })?.summary.median;
  const scripts = find(rows, {
    kind: 'cold-start',
    model: 'demo',
    runtime: ISOLATED_HOST,
    masked: null,
    what: 'scripts until the first result, computed ahead',
    unit: 'kB',
  })?.summary.median;
  const longest = PHASES.map(
    (during) =>
      find(rows, {
        kind: 'tasks',
        model: 'demo',
        runtime: ISOLATED_HOST,
        masked: null,
        what: longestTask(during, 'the clock'),
        unit: 'ms',
      })?.summary.max,
  );
  const ratio = (what: string, part: number | undefined, of: number | undefined, limit: number) =>
    part === undefined || of === undefined ? [] : [target(what, part / of, limit)];
  const value = (what: string, reached: number | undefined, limit: number, unit: string) =>
    reached === undefined ? [] : [target(what, reached, limit, unit)];
  return [
    ...ratio(
      'base at 75 %, 2 threads, best dtype, to onnxruntime-node in float32',
      best,
      base('onnxruntime-node'),
      1.5,
    ),
    ...ratio('the same to PyTorch eager', best, base('torch-eager'), 1),
    ...ratio('int8 to float32, base at 75 %, 1 thread', base('wasm-1-q8'), base('wasm-1-fp32'), 1 / 1.7),
    ...ratio('int8 to float32, base at 75 %, 2 threads', base('wasm-2-q8'), base('wasm-2-fp32'), 1 / 1.7),
    ...ratio(
      'encoder of base at 75 % to 0 %, 2 threads',
      base('wasm-2-fp32', 0.75, 'encoder'),
      base('wasm-2-fp32', 0, 'encoder'),
      0.35,
    ),
    ...value('all but the forward pass, demo, 95th percentile', rest('demo'), 10, 'ms'),
    ...value('all but the forward pass, base, 95th percentile', rest('base'), 10, 'ms'),
    ...ratio('batch 8 to batch 1, base, 2 threads', sweep(8), sweep(1), 0.75),
    ...value("longest task of the page's thread, demo", ofKnown(Math.max, longest), 50, 'ms'),
    ...value('scripts until the first result, gzipped', scripts, 150, 'kB'),
  ];
}

function target(what: string, reached: number, limit: number, unit = ''): Target {
  return { what, reached, limit, met: reached <= limit, unit };
}

function ofKnown(pick: typeof Math.min, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : pick(...known);
}
