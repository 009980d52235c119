/**
 * `npm test`: everything that must hold, in one command and with one last line, `N passed, N failed`. Every step
 * runs, even when an earlier one has failed, so that one run tells everything.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrInstallBrowser } from '../browser/install.ts';
import { type CommandResult, runScript } from './command.ts';
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
import { withoutLines } from './lines.ts';
import { runSteps, type Step } from './schedule.ts';
import { Turns } from './turns.ts';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const golden = join('tools', 'reference', 'golden');
const reports = mkdtempSync(join(tmpdir(), 'mae-lens-test-'));

const minute = 60_000;
/** Long enough for a busy machine with two cores; only what hangs is stopped. */
const timeouts = { single: 4 * minute, unit: 10 * minute, e2e: 20 * minute, verify: 16 * minute };

function single(name: string, script: string): Step {
  return {
    name,
    needs: [],
    after: [],
    cores: 1,
    run: async (say) =>
      countSingle((await runScript(script, [], { say, timeoutMs: timeouts.single })).exitCode),
  };
}

/** A report that was not written is the crash that `judge` then counts. */
function read(file: string, { exitCode }: CommandResult, count: (report: unknown) => Count): Count {
  if (!existsSync(file)) return judge({ passed: 0, failed: 0, skipped: [] }, exitCode);
  return judge(count(JSON.parse(readFileSync(file, 'utf8'))), exitCode);
}

const unit: Step = {
  name: 'unit',
  needs: [],
  after: [],
  cores: 2,
  run: async (say) => {
    const report = join(reports, 'unit.json');
    const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    return read(report, await runScript('unit', args, { say, timeoutMs: timeouts.unit }), countVitest);
  },
};

/** Not a check in itself, but the browser tests and the golden check need one, and a fresh machine has none. */
const browser: Step = {
  name: 'browser',
  needs: [],
  after: [],
  cores: 1,
  run: (say) => {
    say(`${findOrInstallBrowser()}\n`);
    return Promise.resolve({ passed: 0, failed: 0, skipped: [] });
  },
};

const e2e: Step = {
  name: 'e2e',
  needs: ['build', 'browser'],
  after: [],
  cores: 2,
  run: async (say) => {
    const report = join(reports, 'e2e.json');
    const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const result = await runScript('e2e', ['--reporter=list,json'], { say, timeoutMs: timeouts.e2e, env });
    return read(report, result, countPlaywright);
  },
};

/** Every folder of golden files, so that a new one is checked without being listed anywhere. */
function goldenFolders(): string[] {
  const folder = join(repository, golden);
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map((entry) => `${golden}/${entry.name}`.replaceAll('\\', '/')).sort();
}

/** Both devices, side by side in one browser. */
const verify: Step = {
  name: 'verify',
  needs: ['browser'],
  after: ['e2e'],
  cores: 2,
  run: async (say) => {
    const folders = goldenFolders();
    if (folders.length === 0) throw new Error(`There are no golden files in ${golden}.`);
    // Hundreds of tensors agree; only the others, and how many there are on each device, are worth a line.
    const options = { say: withoutLines(/^ok\b/, say), timeoutMs: timeouts.verify };
    const result = await runScript('verify', [...folders, '--device', 'both'], options);
    return judge(countVerify(result.output), result.exitCode);
  },
};

const steps: readonly Step[] = [
  single('types', 'types'),
  single('lint', 'lint'),
  single('directions', 'directions'),
  single('unused', 'unused'),
  browser,
  single('build', 'build'),
  unit,
  e2e,
  verify,
];

const names = steps.map((step) => step.name);
const turns = new Turns(names, (text) => process.stdout.write(text));

/** Each step's output under its name, with its time. */
function announced(step: Step): Step {
  return {
    ...step,
    run: async (say) => {
      const start = performance.now();
      say(`\n── ${step.name} ${'─'.repeat(Math.max(0, 70 - step.name.length))}\n`);
      const count = await step.run(say);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const skipped = count.skipped.length > 0 ? `, ${count.skipped.length} skipped` : '';
      say(`${step.name}: ${summaryLine(count)}${skipped} (${seconds} s)\n`);
      return count;
    },
  };
}

// Ending this process ends what it started; see command.ts.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(reports, { recursive: true, force: true }));
process.chdir(repository);

// Two at the least: every step must find room.
const counts = await runSteps(steps.map(announced), Math.max(2, availableParallelism()), turns);

console.log('\n── all ────────────────────────────────────────────────────────────────────');
for (const [index, name] of names.entries()) {
  const count = counts.get(name) ?? { passed: 0, failed: 1, skipped: [] };
  if (steps[index] !== browser || count.failed > 0) console.log(`${name}: ${summaryLine(count)}`);
  for (const test of count.skipped) console.log(`  skipped: ${test}`);
}
const sum = total([...counts.values()]);
console.log(summaryLine(sum));
if (sum.failed > 0) process.exitCode = 1;
