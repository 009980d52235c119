import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openFromFiles } from '../../checkpoint/sources/files.ts';
import type { ModelSource } from '../../engine/engine.ts';
import { SAMPLES } from '../image/samples.ts';
import table from './agreement.json';
import {
  type AgreementRecord,
  knownAgreementFrom,
  mergeAgreement,
  parseRecords,
  recordsFrom,
  recordsOf,
  SHIPPED_RECORDS,
  writeRecords,
} from './agreement-records.ts';
import { agreementTable } from './agreement-table.ts';
import { BUNDLED_MODEL_NAME } from './bundled.ts';

const record = (change: Partial<AgreementRecord> = {}): AgreementRecord => ({
  model: 'facebook/vit-mae-base',
  parameters: 10,
  bytes: 40,
  dtype: 'q8',
  lowestPsnr: 45,
  meanPsnr: 47,
  lossDifference: 0.001,
  runs: 6,
  on: 'stage',
  files: null,
  ...change,
});
const named: ModelSource = { kind: 'url', name: 'facebook/vit-mae-base', baseUrl: 'https://example.org/' };
const own: ModelSource = { kind: 'files', name: 'facebook/vit-mae-base', files: [] };

describe('the page’s table', () => {
  test('is of the bundled weights as they are, and of all samples', async () => {
    const files = await Promise.all(
      ['config.json', 'model.safetensors'].map(async (name) => {
        const bytes = await readFile(new URL(`../../../public/models/demo/${name}`, import.meta.url));
        return new File([bytes], name);
      }),
    );
    const { parameters, bytes } = await openFromFiles(files, {});
    const row = agreementTable.parse(table).rows.find(({ model }) => model === BUNDLED_MODEL_NAME);
    // When this fails after a change of the weights or the samples: npm run precision -- --write
    expect(row).toMatchObject({ parameters, bytes, dtype: 'q8', samples: SAMPLES.map(({ id }) => id) });
    expect(row?.runs).toBe(SAMPLES.length * (row?.mask_ratios.length ?? 0) * (row?.seeds.length ?? 0));
  });

  test('has each model once in each precision', () => {
    const keys = SHIPPED_RECORDS.map(({ model, dtype }) => `${model} ${dtype}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  const [row] = table.rows;
  test.each([
    ['another format', { ...table, format: 'mae-lens-fidelity/2' }],
    ['float32 against itself', { ...table, rows: [{ ...row, dtype: 'fp32' }] }],
    ['no runs', { ...table, rows: [{ ...row, runs: 0 }] }],
    ['no samples', { ...table, rows: [{ ...row, samples: [] }] }],
    ['a ratio above 1', { ...table, rows: [{ ...row, mask_ratios: [75] }] }],
    ['words for a number', { ...table, rows: [{ ...row, lowest_psnr: '45 dB' }] }],
    ['no name', { ...table, rows: [{ ...row, model: '' }] }],
  ])('is refused with %s', (_, broken) => {
    expect(agreementTable.safeParse(table).success).toBe(true);
    expect(agreementTable.safeParse(broken).success).toBe(false);
  });
});

describe('what a browser keeps', () => {
  test('reads back, equal images included', () => {
    const records = [record(), record({ dtype: 'fp16', lowestPsnr: Number.POSITIVE_INFINITY })];
    expect(parseRecords(writeRecords(records))).toEqual(records);
  });

  test('has neither the table nor the visitor’s own files in it', () => {
    expect(parseRecords(writeRecords([record({ on: 'samples' }), record({ files: own })]))).toEqual([]);
  });

  test.each(['', '{', 'null', '{"a":1}', '[null, 3, {"model":"x"}]'])('“%s” is nothing', (text) => {
    expect(parseRecords(text)).toEqual([]);
  });

  test('an entry that makes no sense spoils no other', () => {
    const text = JSON.stringify([{ model: 'x' }, ...JSON.parse(writeRecords([record()]))]);
    expect(parseRecords(text)).toEqual([record()]);
  });
});

test('two measurements together: the worst, the mean of all runs, and the largest difference', () => {
  const other = record({ lowestPsnr: 42, meanPsnr: 44, lossDifference: 0.003, runs: 3 });
  const joined = { lowestPsnr: 42, meanPsnr: 46, lossDifference: 0.003, runs: 9 };
  expect(mergeAgreement(record(), other)).toEqual(record(joined));
  expect(mergeAgreement(record({ lossDifference: null }), record()).lossDifference).toBe(0.001);
});

test('own files are known by themselves, all else by its name', () => {
  const records = [record({ on: 'samples' }), record({ files: own, lowestPsnr: 30 })];
  expect(recordsFrom(named, records)).toEqual([records[0]]);
  expect(recordsFrom(own, records)).toEqual([records[1]]);
  expect(recordsFrom({ ...own }, records)).toEqual([]);
  expect(recordsFrom({ ...named, name: 'another' }, records)).toEqual([]);
  expect(recordsOf(named, { parameters: 10, bytes: 20 }, records)).toEqual([]);
  expect(recordsOf(named, { parameters: 10, bytes: 40 }, records)).toEqual([records[0]]);
});

test('the engine is told the lowest that was found, for each size of weights', () => {
  const records = [
    record(),
    record({ on: 'samples', lowestPsnr: 43 }),
    record({ dtype: 'fp16', lowestPsnr: 60 }),
    record({ bytes: 20, lowestPsnr: 38 }),
  ];
  expect(knownAgreementFrom(records)).toEqual([
    { parameters: 10, bytes: 40, psnr: { q8: 43, fp16: 60 } },
    { parameters: 10, bytes: 20, psnr: { q8: 38 } },
  ]);
});
