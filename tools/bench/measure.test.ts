import { expect, test } from 'vitest';
import { spread } from './measure.ts';

test('spread gives minimum, median and maximum', () => {
  expect(spread([5, 1, 3])).toEqual({ min: 1, median: 3, max: 5 });
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(() => spread([])).toThrow(RangeError);
});
