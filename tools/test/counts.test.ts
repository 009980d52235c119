import { describe, expect, it } from 'vitest';
import {
  type Count,
  countPlaywright,
  countSingle,
  countVerify,
  countVitest,
  judge,
  summaryLine,
  total,
} from './counts.ts';

function vitestFile(name: string, status: string, tests: readonly string[]) {
  return {
    name,
    status,
    assertionResults: tests.map((test, i) => ({ status: test, fullName: `${name} ${i}` })),
  };
}

const nothing: Count = { passed: 0, failed: 0, skipped: [] };

describe('countSingle', () => {
  it('counts one', () => {
    expect(countSingle(0)).toEqual({ passed: 1, failed: 0, skipped: [] });
    expect(countSingle(2)).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(countSingle(null)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });
});

describe('countVitest', () => {
  it('counts tests, and names those that did not run', () => {
    const report = {
      success: false,
      testResults: [
        vitestFile('a', 'passed', ['passed', 'passed', 'skipped', 'todo']),
        vitestFile('b', 'failed', ['passed', 'failed', 'failed']),
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: ['a 2', 'a 3'] });
  });

  it('counts a file that could not be loaded', () => {
    expect(countVitest({ success: false, testResults: [vitestFile('a', 'failed', [])] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: [],
    });
  });

  it('counts a file that failed after its tests had passed', () => {
    expect(countVitest({ success: false, testResults: [vitestFile('a', 'failed', ['passed'])] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: [],
    });
  });

  it('refuses what is no report', () => {
    expect(() => countVitest({})).toThrow();
  });
});

describe('countPlaywright', () => {
  const spec = (title: string, ...statuses: string[]) => ({
    title,
    tests: statuses.map((status) => ({ status })),
  });

  it('counts tests in nested suites, and a flaky one as failed', () => {
    const report = {
      errors: [],
      suites: [
        {
          title: 'page.spec.ts',
          specs: [spec('loads', 'expected'), spec('waits', 'skipped')],
          suites: [{ title: 'keyboard', specs: [spec('tabs', 'unexpected'), spec('arrows', 'flaky')] }],
        },
      ],
    };
    expect(countPlaywright(report)).toEqual({ passed: 1, failed: 2, skipped: ['page.spec.ts › waits'] });
  });

  it('counts errors outside the tests', () => {
    expect(countPlaywright({ errors: [{ message: 'no server' }], suites: [] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: [],
    });
  });
});

describe('countVerify', () => {
  it('counts the lines that begin with a verdict', () => {
    const output =
      'golden/a on wasm\nok   logits 1e-7\nok mask 0\r\nFAIL loss 0.3\n  ok indented\nokay no\nFAILED no\n';
    expect(countVerify(output)).toEqual({ passed: 2, failed: 1, skipped: [] });
  });
});

describe('judge', () => {
  const passed: Count = { passed: 5, failed: 0, skipped: [] };

  it('believes a process that ended well', () => {
    expect(judge(passed, 0)).toBe(passed);
  });

  it('does not count a failure twice', () => {
    const failed: Count = { passed: 5, failed: 2, skipped: [] };
    expect(judge(failed, 1)).toBe(failed);
  });

  it('counts a crash without a failed test', () => {
    expect(judge(passed, 1)).toEqual({ passed: 5, failed: 1, skipped: [] });
    expect(judge(passed, null)).toEqual({ passed: 5, failed: 1, skipped: [] });
  });

  it('does not take an empty run for a success', () => {
    expect(judge(nothing, 0)).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(judge({ ...nothing, skipped: ['all'] }, 0)).toEqual({ passed: 0, failed: 1, skipped: ['all'] });
  });
});

describe('the last line', () => {
  it('sums all steps', () => {
    const sum = total([
      { passed: 1, failed: 0, skipped: [] },
      { passed: 40, failed: 2, skipped: ['a'] },
      { passed: 0, failed: 1, skipped: ['b'] },
    ]);
    expect(summaryLine(sum)).toBe('41 passed, 3 failed');
    expect(sum.skipped).toEqual(['a', 'b']);
  });
});
