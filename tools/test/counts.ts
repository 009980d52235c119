/** How `npm test` counts: what each step's report says, and the one line at the end. */
import { z } from 'zod';

/** What one step found. Skipped is neither passed nor failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };

/** Vitest's JSON report. A file that could not be loaded is in no number there; see `judge`. */
export const vitestReport = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
  })
  .transform(
    (report): Count => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  );

/** Playwright's JSON report. A test that passed only when tried again has failed, as has each error outside the tests. */
export const playwrightReport = z
  .object({
    stats: z.object({
      expected: z.number(),
      unexpected: z.number(),
      flaky: z.number(),
      skipped: z.number(),
    }),
    errors: z.array(z.unknown()),
  })
  .transform(
    ({ stats, errors }): Count => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    }),
  );

/** What `npm run verify` printed: one line for each tensor, beginning with `ok` or `FAIL`. */
export function countVerify(output: string): Count {
  const count = (pattern: RegExp): number => output.match(pattern)?.length ?? 0;
  return { passed: count(/^ok\b/gm), failed: count(/^FAIL\b/gm), skipped: 0 };
}

/**
 * Holds a step's count against how its process ended: one that died or complained without naming a failed test, or
 * that ran no test at all, has failed once.
 *
 * @param exitCode null when a signal ended it.
 */
export function judge(count: Count, exitCode: number | null): Count {
  const crashed = exitCode !== 0 && count.failed === 0;
  const empty = count.passed + count.failed === 0;
  return crashed || empty ? { ...count, failed: 1 } : count;
}

export function total(counts: readonly Count[]): Count {
  const sum = (key: keyof Count): number => counts.reduce((all, count) => all + count[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The last line of `npm test`. */
export function summaryLine(count: Count): string {
  return `${count.passed} passed, ${count.failed} failed`;
}
