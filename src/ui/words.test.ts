import { describe, expect, test } from 'vitest';
import { exactBytes, size, timeLeft } from './words.ts';

describe('words', () => {
  test.each([
    [447_631_360, '448 MB'],
    [1_318_167_552, '1.3 GB'],
    [2_628_298_032, '2.6 GB'],
    [9_398_152, '9.4 MB'],
    [999_600_000, '1.0 GB'],
    [104_296, '104 kB'],
    [654, '0.7 kB'],
  ])('%i bytes are %s', (count, words) => {
    expect(size(count)).toBe(words);
  });

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
    expect(timeLeft(seconds)).toBe(words);
  });

  test('exact bytes can be read', () => {
    expect(exactBytes(447_719_104)).toBe('447,719,104 bytes');
    expect(exactBytes(1)).toBe('1 byte');
  });
});
