import { expect, test } from 'vitest';
import type { FidelityTableRow } from '../../src/store/model/agreement-table.ts';
import { fidelityTable } from '../../src/store/model/agreement-table.ts';
import { putRow, rounded, tableJson } from './table.ts';

const row = (model: string, precision: 'int8' | 'float16', lowest_psnr: number): FidelityTableRow => ({
  model,
  parameters: 1,
  bytes: 4,
  precision,
  lowest_psnr,
  mean_psnr: 50,
  loss_difference: 0,
  runs: 72,
  samples: ['cat'],
  mask_ratios: [0.75],
  seeds: [2],
  device: 'WebAssembly · 2 threads',
});

test('a model has one row for each precision, the newest, and the rows keep an order', () => {
  const empty = { format: 'mae-lens-fidelity/1', rows: [] } as const;
  const rows = [row('b', 'int8', 1), row('a', 'int8', 2), row('a', 'float16', 3), row('b', 'int8', 4)];
  const table = rows.reduce<Parameters<typeof putRow>[0]>(putRow, { ...empty, rows: [] });
  expect(table.rows.map(({ model, precision, lowest_psnr }) => [model, precision, lowest_psnr])).toEqual([
    ['a', 'float16', 3],
    ['a', 'int8', 2],
    ['b', 'int8', 4],
  ]);
});

test('rounding never makes it better', () => {
  const exact = { ...row('a', 'int8', 43.5399), loss_difference: 0.0065991 };
  expect(rounded(exact)).toEqual({ ...exact, lowest_psnr: 43.53, mean_psnr: 50, loss_difference: 0.0066 });
  expect(rounded({ ...exact, lowest_psnr: null, loss_difference: null })).toMatchObject({
    lowest_psnr: null,
    loss_difference: null,
  });
});

test('the file reads back, with its lists on one line', () => {
  const table = putRow({ format: 'mae-lens-fidelity/1', rows: [] }, row('a', 'int8', 43.5));
  expect(fidelityTable.parse(JSON.parse(tableJson(table)))).toEqual(table);
  expect(tableJson(table)).toContain('"samples": ["cat"],\n');
});
