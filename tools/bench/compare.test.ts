import { expect, test } from 'vitest';
import { batchOf, compare, sliderRow } from './compare.ts';
import type { Row } from './rows.ts';
import { summarize } from './statistics.ts';

function row(change: Partial<Row>, median: number): Row {
  return {
    kind: 'forward',
    model: 'demo',
    runtime: 'wasm-2-fp32',
    label: '',
    masked: 0.75,
    what: 'whole',
    unit: 'ms',
    ...change,
    summary: summarize([median]),
  };
}

/** The ratios of the last of the rows. */
function ratios(...rows: Row[]) {
  return Object.fromEntries(
    compare(rows)
      .at(-1)
      ?.ratios.map(({ to, ratio }) => [to, ratio]) ?? [],
  );
}

test('a forward pass is held against every peer of the same model, part and ratio', () => {
  expect(
    ratios(
      row({ runtime: 'onnxruntime-node' }, 10),
      row({ runtime: 'onnxruntime-node', masked: 0 }, 1),
      row({ runtime: 'onnxruntime-node', model: 'base' }, 1),
      row({ runtime: 'onnxruntime-node', what: 'encoder' }, 1),
      row({ runtime: 'torch-eager' }, 20),
      row({ runtime: 'torch-sdpa' }, 16),
      row({ runtime: 'transformers.js-wasm-1' }, 1),
      row({ runtime: 'transformers.js-wasm-2' }, 40),
      row({ masked: 0 }, 80),
      row({}, 20),
    ),
  ).toEqual({
    'onnxruntime-node': 2,
    'PyTorch eager': 1,
    'PyTorch sdpa': 1.25,
    'transformers.js': 0.5,
    '0 % masked': 0.25,
  });
});

test('int8 and float16 are held against float32 on the same device and threads', () => {
  expect(ratios(row({ runtime: 'wasm-1-fp32' }, 1), row({}, 30), row({ runtime: 'wasm-2-q8' }, 15))).toEqual({
    fp32: 0.5,
  });
  expect(ratios(row({ runtime: 'webgpu-fused' }, 8), row({ runtime: 'webgpu-fp16' }, 4))).toEqual({
    fp32: 0.5,
  });
});

test('a batch is held against batch 1', () => {
  const sweep = (masks: number) => ({ kind: 'sweep', what: batchOf(masks) }) as const;
  expect(ratios(row(sweep(1), 20), row(sweep(8), 15))).toEqual({ 'batch 1': 0.75 });
  expect(ratios(row(sweep(8), 15), row(sweep(1), 20))).toEqual({});
});

test('what the slider costs is held against the forward pass of the same drag', () => {
  const slider = (what: string) => ({ kind: 'slider', what }) as const;
  expect(
    ratios(
      row(slider(sliderRow('live drag', 'forward pass')), 1),
      row(slider(sliderRow('step by step', 'forward pass')), 20),
      row(slider(sliderRow('step by step', 'input to canvas')), 30),
    ),
  ).toEqual({ 'its forward pass': 1.5 });
});

test('peers are not held against each other', () => {
  expect(ratios(row({ runtime: 'onnxruntime-node' }, 10), row({ runtime: 'torch-eager' }, 20))).toEqual({});
  expect(ratios(row({ runtime: 'torch-eager', masked: 0 }, 80), row({ runtime: 'torch-eager' }, 20))).toEqual(
    { '0 % masked': 0.25 },
  );
});

test('nothing is held against itself, or against what was not measured', () => {
  expect(ratios(row({ runtime: 'onnxruntime-node' }, 10))).toEqual({});
  expect(ratios(row({ kind: 'load', what: 'load' }, 10))).toEqual({});
  expect(ratios(row({ kind: 'cold-start', unit: 'kB' }, 1), row({ kind: 'cold-start' }, 1))).toEqual({});
});
