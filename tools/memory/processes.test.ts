import { expect, test } from 'vitest';
import { privateBytes } from './processes.ts';

test('private memory is what no other process has, on disk or not', () => {
  const rollup = `560000000000-7ffd00000000 ---p 00000000 00:00 0 [rollup]
Rss:              100000 kB
Pss:               90000 kB
Shared_Clean:       4000 kB
Private_Clean:      1000 kB
Private_Dirty:     50000 kB
Swap:                 24 kB
SwapPss:              24 kB
`;
  expect(privateBytes(rollup)).toBe(1024 * (1000 + 50000 + 24));
  expect(privateBytes('')).toBe(0);
});
