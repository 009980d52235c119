/**
 * npm run bench [-- OPTIONS], see arguments.ts
 *
 * Measures, in one run: forward passes, loading and sweeps of the page's engine in a real browser; cold starts and
 * drags of the slider on the built page; and the peers beside them (onnxruntime-node on the same graphs, PyTorch,
 * transformers.js). Absolute times are this machine's; the ratios are what can be compared. Progress goes to
 * standard error, the tables to standard output.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { withBrowser } from '../browser/launch.ts';
import { type PageServer, servePages } from '../browser/page-server.ts';
import { type BenchOptions, parseArguments, USAGE } from './arguments.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { measureColdStart } from './cold-start.ts';
import { compare } from './compare.ts';
import { inFreshPage, measureDocumentation, measureEngine, type Place } from './engine-rows.ts';
import { measureTasks } from './long-tasks.ts';
import { machine, packageVersions } from './machine.ts';
import { type BenchModel, openModel } from './models.ts';
import { measureNative } from './native.ts';
import type { Report, Row } from './rows.ts';
import { measureSlider } from './slider.ts';
import { line, tables, targetTable, withMeasured } from './table.ts';
import { targets } from './targets.ts';
import { measureTorch } from './torch.ts';
import { measureTransformersJs } from './transformers-js.ts';

const SPEED = new URL('../../docs/speed.md', import.meta.url);
const options = readArguments();
const rows: Row[] = [];
const notes: string[] = [];
const versions = packageVersions();
const report: Report = {
  add(row) {
    rows.push(row);
    console.error(line({ ...row, ratios: [] }));
  },
  note(text) {
    notes.push(text);
    console.error(text);
  },
  failed(what, error) {
    report.note(`FAILED ${what}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
};
await main(options);

function readArguments(): BenchOptions {
  try {
    return parseArguments(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function main({ models, json }: BenchOptions): Promise<void> {
  const wantsPage = options.rows.some(
    (kind) => kind === 'cold-start' || kind === 'tasks' || kind === 'slider',
  );
  const built = wantsPage ? await openBuiltPage(options.dist) : null;
  versions.push(`Chromium ${await withBrowser(async (browser) => browser.version())}`);
  const opened: BenchModel[] = [];
  try {
    for (const name of models) opened.push(await openModel(name));
    const server = await servePages(
      Object.fromEntries(opened.map(({ name, folder }) => [`bench/${name}`, folder])),
    );
    try {
      const softwareGpu = await hasSoftwareGpu(server);
      if (softwareGpu)
        report.note('WebGPU is a software adapter here: its rows show that it runs, not how fast a GPU is.');
      for (const model of opened) await measureModel(model, { server, softwareGpu }, built);
    } finally {
      await server.close();
    }
  } finally {
    await Promise.all([built, ...opened].map((thing) => thing?.dispose()));
  }
  const compared = compare(rows);
  const judged = targets(rows);
  const measured = [
    `${machine()}; ${versions.join(', ')}.`,
    tables(compared),
    ...(judged.length > 0 ? [targetTable(judged)] : []),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n');
  console.log(measured);
  if (options.write) await writeFile(SPEED, withMeasured(await readFile(SPEED, 'utf8'), measured));
  if (json !== null) {
    const all = { machine: machine(), versions, options, rows: compared, targets: judged, notes };
    await writeFile(json, `${JSON.stringify(all, null, 2)}\n`);
  }
}

async function measureModel(model: BenchModel, place: Place, built: BuiltPage | null): Promise<void> {
  const { softwareGpu } = place;
  const wants = (...kinds: Row['kind'][]) => kinds.some((kind) => options.rows.includes(kind));
  const attempt = async (what: string, measure: () => Promise<void>) =>
    measure().catch((error: unknown) => report.failed(`${what}, ${model.name}`, error));

  if (options.peers.includes('native') && wants('forward', 'sweep'))
    await attempt('onnxruntime-node', () => measureNative(model, options, report));
  if (options.peers.includes('torch') && wants('forward', 'sweep', 'load')) await attempt('PyTorch', torch);
  if (options.peers.includes('transformers.js') && wants('forward'))
    await attempt('transformers.js', () =>
      withBrowser((browser) => measureTransformersJs(browser, model, options, softwareGpu, report)),
    );
  if (wants('forward', 'sweep', 'load'))
    for (const runtime of options.runtimes) await measureEngine(place, model, runtime, options, report);
  if (wants('documentation'))
    for (const runtime of options.runtimes)
      await measureDocumentation(place, model, runtime, options, report);
  if (built !== null && wants('cold-start'))
    await withBrowser((browser) => measureColdStart(browser, built, model, report));
  if (built !== null && wants('tasks')) await attempt('long tasks', () => measureTasks(built, model, report));
  if (built !== null && wants('slider'))
    await withBrowser((browser) => measureSlider(browser, built, model, options, softwareGpu, report));

  async function torch(): Promise<void> {
    if (options.python === null) {
      report.note('PyTorch: not measured; name a Python with torch and transformers (--python).');
      return;
    }
    const found = await measureTorch(model, options.python, options, report);
    if (!versions.includes(found)) versions.push(found);
  }
}

async function hasSoftwareGpu(server: PageServer): Promise<boolean> {
  if (!options.runtimes.some(({ device }) => device === 'webgpu')) return false;
  return withBrowser((browser) =>
    inFreshPage(browser, server, (page) => page.evaluate(() => globalThis.benchPage.hasSoftwareGpu())),
  );
}
