import { expect, test } from 'vitest';
import { quantities } from './quantities.ts';

test.each([
  [0, 'a few seconds left'],
  [4.9, 'a few seconds left'],
  [29.2, 'about 30 s left'],
  [57.9, 'about 60 s left'],
  [58, 'about 1 min left'],
  [95, 'about 2 min left'],
  [3600, 'about 60 min left'],
  [7200, 'about 2 h left'],
])('%d seconds are %s', (seconds, words) => {
  expect(quantities.timeLeft(seconds)).toBe(words);
});

test('the field’s numbers have as many digits as mean something', () => {
  expect(quantities.loss(0.33761)).toBe('0.338');
  expect(quantities.decibels(46.13)).toBe('46.1 dB');
  expect(quantities.decibels(Number.POSITIVE_INFINITY)).toBe('no difference');
  expect(quantities.parameters(4_712_345)).toBe('4.7 million');
  expect(quantities.parameters(111_907_840)).toBe('112 million');
  expect([1, 2.54, 16].map(quantities.zoom)).toEqual(['1×', '2.5×', '16×']);
});
