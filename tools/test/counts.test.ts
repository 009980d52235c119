import { expect, it } from 'vitest';
import { countVerify, judge, NOTHING, playwrightReport, summaryLine, total, vitestReport } from './counts.ts';

it('counts what vitest reports', () => {
  const report = { numPassedTests: 3, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 };
  expect(vitestReport.parse(report)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  expect(() => vitestReport.parse({})).toThrow();
});

it('counts what Playwright reports: flaky tests and errors outside the tests are failures', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 3 }, errors: ['no server'] };
  expect(playwrightReport.parse(report)).toEqual({ passed: 5, failed: 4, skipped: 3 });
  expect(() => playwrightReport.parse({})).toThrow();
});

it('counts the lines of verify that begin with a verdict', () => {
  const output =
    'golden/a on wasm\nok   logits 1e-7\nok mask 0\r\nFAIL loss 0.3\n  ok indented\nokay no\nFAILED no\n';
  expect(countVerify(output)).toEqual({ passed: 2, failed: 1, skipped: 0 });
});

it.each([
  ['believes a process that ended well', { passed: 5, failed: 0 }, 0, 0],
  ['does not count a failure twice', { passed: 5, failed: 2 }, 1, 2],
  ['counts a crash without a failed test', { passed: 5, failed: 0 }, 1, 1],
  ['counts what a signal ended', { passed: 5, failed: 0 }, null, 1],
  ['does not take an empty run for a success', {}, 0, 1],
  ['does not take a run that skips everything for a success', { skipped: 9 }, 0, 1],
])('%s', (_, count, exitCode, failed) => {
  const given = { ...NOTHING, ...count };
  expect(judge(given, exitCode)).toEqual({ ...given, failed });
});

it('sums all steps in the last line', () => {
  const sum = total([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 40, failed: 2, skipped: 1 },
    { passed: 0, failed: 1, skipped: 1 },
  ]);
  expect(summaryLine(sum)).toBe('41 passed, 3 failed');
  expect(sum.skipped).toBe(2);
});
