import { expect, test } from 'vitest';
import type { AgreementTableRow } from '../../src/store/model/agreement-table.ts';
import { agreementTable } from '../../src/store/model/agreement-table.ts';
import { putRow, rounded, tableJson } from './table.ts';

const row = (model: string, dtype: 'q8' | 'fp16', lowest_psnr: number): AgreementTableRow => ({
  model,
  parameters: 1,
  bytes: 4,
  dtype,
  lowest_psnr,
  mean_psnr: 50,
  loss_difference: 0,
  runs: 72,
  samples: ['cat'],
  mask_ratios: [0.75],
  seeds: [2],
  device: 'WebAssembly · 2 threads',
});

test('a model has one row for each dtype, the newest, and the rows keep an order', () => {
  const empty = { format: 'mae-lens-agreement/1', rows: [] } as const;
  const rows = [row('b', 'q8', 1), row('a', 'q8', 2), row('a', 'fp16', 3), row('b', 'q8', 4)];
  const table = rows.reduce<Parameters<typeof putRow>[0]>(putRow, { ...empty, rows: [] });
  expect(table.rows.map(({ model, dtype, lowest_psnr }) => [model, dtype, lowest_psnr])).toEqual([
    ['a', 'fp16', 3],
    ['a', 'q8', 2],
    ['b', 'q8', 4],
  ]);
});

test('rounding never makes it better', () => {
  const exact = { ...row('a', 'q8', 43.5399), loss_difference: 0.0065991 };
  expect(rounded(exact)).toEqual({ ...exact, lowest_psnr: 43.53, mean_psnr: 50, loss_difference: 0.0066 });
  expect(rounded({ ...exact, lowest_psnr: null, loss_difference: null })).toMatchObject({
    lowest_psnr: null,
    loss_difference: null,
  });
});

test('the file reads back, with its lists on one line', () => {
  const table = putRow({ format: 'mae-lens-agreement/1', rows: [] }, row('a', 'q8', 43.5));
  expect(agreementTable.parse(JSON.parse(tableJson(table)))).toEqual(table);
  expect(tableJson(table)).toContain('"samples": ["cat"],\n');
});
