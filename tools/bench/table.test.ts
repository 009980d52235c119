import { expect, test } from 'vitest';
import type { ComparedRow } from './rows.ts';
import { summarize } from './statistics.ts';
import { line, tables, withMeasured } from './table.ts';

const ENCODER: ComparedRow = {
  kind: 'forward',
  model: 'demo',
  runtime: 'wasm-2-fp32',
  label: 'WebAssembly · 2 threads',
  masked: 0.75,
  what: 'encoder',
  unit: 'ms',
  summary: summarize([4, 5, 6.5]),
  ratios: [
    { to: 'onnxruntime-node', ratio: 3 },
    { to: '0 % masked', ratio: 0.25 },
  ],
};
const WHOLE: ComparedRow = {
  ...ENCODER,
  what: 'whole',
  summary: summarize([14, 15, 16]),
  ratios: [
    { to: 'onnxruntime-node', ratio: 2 },
    { to: '0 % masked', ratio: 0.5 },
  ],
};
const FIRST: ComparedRow = {
  kind: 'cold-start',
  model: 'demo',
  runtime: 'host-isolated',
  label: 'isolated host',
  masked: null,
  what: 'transferred until the first result',
  unit: 'kB',
  summary: summarize([150]),
  ratios: [],
};

test('a forward pass is one line, with the ratios of the whole and of the encoder to 0 %', () => {
  expect(tables([ENCODER, WHOLE])).toBe(
    [
      '### Forward pass',
      '',
      '| model | masked | runtime | encoder ms | decoder ms | whole ms | to onnxruntime-node | encoder to 0 % |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| demo | 75 % | WebAssembly · 2 threads | 5.00 (4.00 – 6.50) | – | 15 (14 – 16) | 2.00 | 0.25 |',
    ].join('\n'),
  );
});

test('other rows are a line each, in a table of their kind', () => {
  expect(tables([FIRST, { ...FIRST, kind: 'sweep', masked: 0.75, unit: 'ms' }])).toBe(
    [
      '### Sweep: several masks of one image at once',
      '',
      '| model | masked | runtime | what | median (min – max) | 95 % | runs |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| demo | 75 % | isolated host | transferred until the first result | 150 (150 – 150) ms | 150 | 1 |',
      '',
      '### Cold start of the built page',
      '',
      '| model | runtime | what | median (min – max) | 95 % | runs |',
      '| --- | --- | --- | --- | --- | --- |',
      '| demo | isolated host | transferred until the first result | 150 (150 – 150) kB | 150 | 1 |',
    ].join('\n'),
  );
});

test('a line of progress says what was measured', () => {
  expect(line(ENCODER)).toBe(
    'demo · WebAssembly · 2 threads · 75 % · encoder: 5.00 (4.00 – 6.50) ms, 3 runs',
  );
});

test('a document keeps what stands around the measured part', () => {
  const before = 'words\n\n<!-- measured -->\n\nold\n\n<!-- /measured -->\n\nmore words\n';
  expect(withMeasured(before, 'new $& $1')).toBe(
    'words\n\n<!-- measured -->\n\nnew $& $1\n\n<!-- /measured -->\n\nmore words\n',
  );
  expect(() => withMeasured('words', 'new')).toThrow('no <!-- measured -->');
});
