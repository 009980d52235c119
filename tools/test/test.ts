/**
 * `npm test`: everything that must hold, in one command and with one last line, `N passed, N failed`. Every step
 * runs, even when an earlier one has failed, so that one run tells everything. Each is one of package.json's scripts,
 * so that this is exactly what a person runs by hand.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { findOrInstallBrowser } from '../browser/install.ts';
import { type CommandResult, runCommand } from './command.ts';
import {
  type Count,
  countVerify,
  judge,
  NOTHING,
  playwrightReport,
  summaryLine,
  total,
  vitestReport,
} from './counts.ts';

const MINUTE = 60_000;
const GOLDEN = 'tools/reference/golden';
const reports = mkdtempSync(join(tmpdir(), 'mae-lens-test-'));
const counts = new Map<string, Count>();

/** Ends what it started as well; see command.ts. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(reports, { recursive: true, force: true }));
process.chdir(resolve(import.meta.dirname, '../..'));

interface Options {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Long enough for a busy machine with two cores; only what hangs is stopped. */
  readonly minutes?: number;
  readonly count?: (result: CommandResult) => Count;
  /** Lines that are not worth showing. */
  readonly hidden?: RegExp;
}

const unit = join(reports, 'unit.json');
const e2e = join(reports, 'e2e.json');

/** Scripts that are more than one check, passed where they end without an error. */
const several: Readonly<Record<string, Options>> = {
  unit: {
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${unit}`],
    minutes: 10,
    count: readReport(unit, vitestReport),
  },
  e2e: {
    args: ['--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: e2e },
    minutes: 20,
    count: readReport(e2e, playwrightReport),
  },
  verify: {
    // Every folder of golden files, so that a new one is checked without being listed anywhere.
    args: [...readdirSync(GOLDEN).map((name) => `${GOLDEN}/${name}`), '--device', 'both'],
    minutes: 16,
    count: ({ output }) => countVerify(output),
    // Hundreds of tensors agree; only the others, and how many there are on each device, are worth a line.
    hidden: /^ok\b/,
  },
};

/** Runs scripts one after another. */
async function lane(...scripts: readonly string[]): Promise<void> {
  for (const script of scripts) await step(script, several[script]);
}

/** Runs a script of package.json and tells its output, whole, when it has ended. */
async function step(script: string, options: Options = {}): Promise<void> {
  const { args = [], env, minutes = 4, count, hidden } = options;
  const start = performance.now();
  console.log(`${script} …`);
  let result: CommandResult;
  let found: Count;
  try {
    // npm as it was called, which need not be the first one on the PATH.
    const cli = process.env.npm_execpath;
    const [command, first] = cli && /\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
    const all = [...first, 'run', '--silent', script, '--', ...args];
    result = await runCommand(command, all, minutes * MINUTE, env);
    found = judge(count?.(result) ?? { ...NOTHING, passed: result.exitCode === 0 ? 1 : 0 }, result.exitCode);
  } catch (error) {
    result = { exitCode: null, output: String(error) };
    found = { ...NOTHING, failed: 1 };
  }
  const shown = result.output.split('\n').filter((line) => hidden?.test(line) !== true);
  console.log(`\n── ${script} ${'─'.repeat(Math.max(0, 70 - script.length))}\n${shown.join('\n').trim()}`);
  console.log(`${script}: ${describe(found)} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  counts.set(script, found);
}

function describe(count: Count): string {
  return summaryLine(count) + (count.skipped > 0 ? `, ${count.skipped} skipped` : '');
}

/** A report that was not written is the crash that `judge` then counts. */
function readReport(file: string, schema: z.ZodType<Count>): () => Count {
  return () => (existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : NOTHING);
}

// Not a check in itself, but two of them need one, and a fresh machine has none.
try {
  findOrInstallBrowser();
} catch (error) {
  console.log(String(error));
}
// Two lanes, since most of these keep one core busy, or wait; the browser's tests run two by two themselves.
await Promise.all([
  lane('build', 'build:library', 'lint', 'unused', 'verify'),
  lane('types', 'directions', 'unit'),
]);
if (counts.get('build')?.failed === 0) await lane('e2e');
else {
  console.log('e2e: not run, because there is no build');
  counts.set('e2e', { ...NOTHING, failed: 1 });
}

console.log('── all ────────────────────────────────────────────────────────────────────');
for (const [name, count] of counts) console.log(`${name}: ${describe(count)}`);
const sum = total([...counts.values()]);
console.log(summaryLine(sum));
if (sum.failed > 0) process.exitCode = 1;
