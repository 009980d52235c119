/** How `npm test` counts: what each step's report says, and the one line at the end. */
import { z } from 'zod';

/** What one step found. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The names of what was not run. Skipped is neither passed nor failed, and is named so that nobody overlooks it. */
  readonly skipped: readonly string[];
}

const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[] | undefined;
  readonly specs?:
    | readonly { readonly title: string; readonly tests: readonly { readonly status: string }[] }[]
    | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    title: z.string(),
    suites: z.array(playwrightSuite).optional(),
    specs: z
      .array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) }))
      .optional(),
  }),
);

const playwrightReport = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.unknown()),
});

/** A step that is one check: types, lint, directions, build. */
export function countSingle(exitCode: number | null): Count {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: [] } : { passed: 0, failed: 1, skipped: [] };
}

/**
 * Vitest's JSON report. A file that could not be loaded has no tests in the report and counts as one failure.
 *
 * @throws ZodError when it is not such a report.
 */
export function countVitest(report: unknown): Count {
  const { testResults } = vitestReport.parse(report);
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const file of testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failedHere += 1;
      else skipped.push(test.fullName);
    }
    failed += file.status === 'failed' ? Math.max(1, failedHere) : failedHere;
  }
  return { passed, failed, skipped };
}

/**
 * Playwright's JSON report. A test that passed only when tried again counts as failed; so does each error outside
 * the tests.
 *
 * @throws ZodError when it is not such a report.
 */
export function countPlaywright(report: unknown): Count {
  const { suites, errors } = playwrightReport.parse(report);
  let passed = 0;
  let failed = errors.length;
  const skipped: string[] = [];
  const visit = (suite: PlaywrightSuite, path: readonly string[]): void => {
    const here = [...path, suite.title];
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === 'expected') passed += 1;
        else if (status === 'skipped') skipped.push([...here, spec.title].join(' › '));
        else failed += 1;
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, here);
  };
  for (const suite of suites) visit(suite, []);
  return { passed, failed, skipped };
}

/** What `npm run verify` printed: one line for each tensor, beginning with `ok` or `FAIL`. */
export function countVerify(output: string): Count {
  const lines = output.split(/\r?\n/);
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  return { passed: count(/^ok\b/), failed: count(/^FAIL\b/), skipped: [] };
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
  return {
    passed: counts.reduce((sum, count) => sum + count.passed, 0),
    failed: counts.reduce((sum, count) => sum + count.failed, 0),
    skipped: counts.flatMap((count) => count.skipped),
  };
}

/** The last line of `npm test`. */
export function summaryLine(count: Count): string {
  return `${count.passed} passed, ${count.failed} failed`;
}
