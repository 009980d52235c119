import { describe, expect, test } from 'vitest';
import { format } from './en/format.ts';
import { formatFor } from './format.ts';

describe('sizes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [654, '654 bytes'],
    [999.6, '1,000 bytes'],
    [1000, '1.00 kB'],
    [53_900, '53.9 kB'],
    [104_296, '104 kB'],
    [999_499, '999 kB'],
    [999_600, '1.00 MB'],
    [9_398_152, '9.40 MB'],
    [99_950_000, '100 MB'],
    [447_631_360, '448 MB'],
    [999_600_000, '1.00 GB'],
    [2_628_298_032, '2.63 GB'],
    [24e9, '24.0 GB'],
    [5e12, '5,000 GB'],
  ])('%d bytes are %s', (count, words) => {
    expect(format.size(count)).toBe(words);
  });

  test('every byte can be read', () => {
    expect(format.exactSize(447_719_104)).toBe('447,719,104 bytes');
    expect(format.exactSize(1)).toBe('1 byte');
  });
});

test('numbers have the digits that were asked for', () => {
  expect(format.number(1_234_567)).toBe('1,234,567');
  expect(format.decimal(0.3376, 3)).toBe('0.338');
  expect(format.decimal(2, 1)).toBe('2.0');
  expect(format.rounded(2.54, 1)).toBe('2.5');
  expect(format.rounded(4, 1)).toBe('4');
  expect(format.percent(0.744)).toBe('74 %');
  expect(format.milliseconds(3.21)).toBe('3.2 ms');
  expect(format.milliseconds(9.96)).toBe('10 ms');
  expect(format.milliseconds(142.6)).toBe('143 ms');
  expect(format.list(['a', 'b', 'c'])).toBe('a, b and c');
});

test('a language counts by its own rules', () => {
  const polish = formatFor('pl', { one: '# bajt', few: '# bajty', many: '# bajtów', other: '# bajta' });
  expect([1, 3, 5, 22].map((count) => polish.exactSize(count))).toEqual([
    '1 bajt',
    '3 bajty',
    '5 bajtów',
    '22 bajty',
  ]);
  expect(polish.decimal(0.3376, 3)).toBe('0,338');
  expect(polish.plural(2, { other: '# razy' })).toBe('2 razy');
});
