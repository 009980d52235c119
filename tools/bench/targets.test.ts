import { expect, test } from 'vitest';
import { batchOf, longestTask, sliderRow } from './compare.ts';
import type { Row } from './rows.ts';
import { summarize } from './statistics.ts';
import { targets } from './targets.ts';

function row(change: Partial<Row>, ...samples: number[]): Row {
  return {
    kind: 'forward',
    model: 'base',
    runtime: 'wasm-2-fp32',
    label: '',
    masked: 0.75,
    what: 'whole',
    unit: 'ms',
    ...change,
    summary: summarize(samples),
  };
}

test('without rows there is nothing to judge', () => {
  expect(targets([])).toEqual([]);
  expect(targets([row({}, 100)])).toEqual([]);
});

test('the best precision counts against the peers', () => {
  const rows = [row({}, 300), row({ runtime: 'wasm-2-q8' }, 150), row({ runtime: 'onnxruntime-node' }, 120)];
  expect(targets(rows)).toEqual([
    {
      what: 'base at 75 %, 2 threads, best dtype, to onnxruntime-node in float32',
      reached: 1.25,
      limit: 1.5,
      met: true,
      unit: '',
    },
    { what: 'int8 to float32, base at 75 %, 2 threads', reached: 0.5, limit: 1 / 1.7, met: true, unit: '' },
  ]);
});

test('each target has its own limit', () => {
  const slider = { kind: 'slider', runtime: 'page-isolated', masked: null } as const;
  const what = sliderRow('step by step', 'all but the forward pass');
  const rows = [
    row({ what: 'encoder' }, 40),
    row({ what: 'encoder', masked: 0 }, 100),
    row({ kind: 'sweep', what: batchOf(1) }, 100),
    row({ kind: 'sweep', what: batchOf(8) }, 70),
    row({ ...slider, what }, 5, 5, 12),
    row({ ...slider, what, model: 'demo' }, 4),
  ];
  expect(targets(rows).map(({ reached, met }) => [Number(reached.toFixed(2)), met])).toEqual([
    [0.4, false],
    [4, true],
    [11.3, false],
    [0.7, true],
  ]);
});

test('no task may be long in any visit, by the clock', () => {
  const tasks = { kind: 'tasks', model: 'demo', runtime: 'host-isolated', masked: null } as const;
  const rows = [
    row({ ...tasks, what: longestTask('until the first result', 'the clock') }, 30, 31),
    row({ ...tasks, what: longestTask('the drag', 'the clock') }, 20, 55),
    row({ ...tasks, what: longestTask('the drag', 'its work') }, 20, 25),
  ];
  expect(targets(rows)).toEqual([
    { what: "longest task of the page's thread, demo", reached: 55, limit: 50, met: false, unit: 'ms' },
  ]);
});
