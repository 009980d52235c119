/** The page's engine in a real browser: forward passes, sweeps, and loading. */
import type { Browser, Page } from '@playwright/test';
import { withBrowser } from '../browser/launch.ts';
import type { PageServer } from '../browser/page-server.ts';
import type { BenchOptions } from './arguments.ts';
import {
  BATCHES,
  documentationRow,
  forwardRows,
  IMPLEMENTATIONS,
  RATIOS,
  type Runner,
  SWEEP_RATIO,
  sweepRow,
} from './forward-rows.ts';
import { MIN_RUNS } from './measure.ts';
import type { BenchModel } from './models.ts';
import type { Report } from './rows.ts';
import type { Runtime } from './runtimes.ts';
import { summarize } from './statistics.ts';

/** Loads that are timed for one row; each in a fresh page. */
const LOADS = MIN_RUNS;

export interface Place {
  /** Serves each model's folder as `/bench/NAME`. */
  readonly server: PageServer;
  readonly softwareGpu: boolean;
}

export async function measureEngine(
  { server, softwareGpu }: Place,
  model: BenchModel,
  runtime: Runtime,
  options: BenchOptions,
  report: Report,
): Promise<void> {
  const name = `${model.name} on ${runtime.id}`;
  if (runtime.device === 'webgpu' && softwareGpu && model.name === 'base' && !options.slow) {
    report.note(`${name}: not measured on a software adapter without --slow.`);
    return;
  }
  try {
    await withBrowser((browser) => measureIn(browser, server, model, runtime, options, report));
  } catch (error) {
    report.failed(name, error);
  }
}

async function measureIn(
  browser: Browser,
  server: PageServer,
  model: BenchModel,
  runtime: Runtime,
  options: BenchOptions,
  report: Report,
): Promise<void> {
  const url = `${server.address}/bench/${model.name}`;
  const runner = await inFreshPage(browser, server, (page) =>
    measurePasses(page, url, model, runtime, options, report),
  );
  if (runner === null || !options.rows.includes('load') || runtime.attention === 'composed') return;
  const loads: number[] = [];
  const load = (page: Page) =>
    page.evaluate(([from, on]) => globalThis.benchPage.load(from, on), [url, runtime] as const);
  for (let i = 0; i < LOADS; i++) loads.push(await inFreshPage(browser, server, load));
  report.add({
    ...runner,
    kind: 'load',
    masked: null,
    what: 'from checkpoint to ready',
    unit: 'ms',
    summary: summarize(loads),
  });
}

/** The documentation's table: eager and sdpa, batch by batch. */
export async function measureDocumentation(
  { server, softwareGpu }: Place,
  model: BenchModel,
  runtime: Runtime,
  options: BenchOptions,
  report: Report,
): Promise<void> {
  if (runtime.attention === 'composed') return;
  if (runtime.device === 'webgpu' && softwareGpu && !options.slow) {
    report.note(`${model.name} on ${runtime.id}: not measured on a software adapter without --slow.`);
    return;
  }
  const url = `${server.address}/bench/${model.name}`;
  try {
    await withBrowser(async (browser) => {
      for (const implementation of IMPLEMENTATIONS)
        await inFreshPage(browser, server, async (page) => {
          const attention = implementation === 'eager' ? 'composed' : 'fused';
          const opened = await page.evaluate(([from, on]) => globalThis.benchPage.open(from, on), [
            url,
            { ...runtime, attention },
          ] as const);
          if (opened.unavailable !== undefined) {
            report.note(`${model.name} on ${runtime.id}, ${implementation}: ${opened.unavailable}`);
            return;
          }
          const runner = {
            model: model.name,
            runtime: runtime.id,
            label: opened.label.replace(/ · composed attention$/, ''),
          };
          for (const batch of BATCHES) {
            const times = await page.evaluate(
              ([ratio, budget, images]) => globalThis.benchPage.measure(ratio, budget, images),
              [SWEEP_RATIO, options.budgetMs, batch] as const,
            );
            report.add(documentationRow(runner, implementation, batch, times));
          }
        });
    });
  } catch (error) {
    report.failed(`${model.name} on ${runtime.id}`, error);
  }
}

/** What one model leaves behind must not help or hurt the next. */
export async function inFreshPage<T>(
  browser: Browser,
  { address }: PageServer,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage();
  try {
    await page.goto(`${address}/tools/bench/page/index.html`);
    await page.waitForFunction(() => 'benchPage' in globalThis);
    return await use(page);
  } finally {
    await page.close();
  }
}

/** @returns what ran them; null where the browser has no such runtime */
async function measurePasses(
  page: Page,
  url: string,
  { name }: BenchModel,
  runtime: Runtime,
  { rows, budgetMs }: BenchOptions,
  report: Report,
): Promise<Runner | null> {
  const opened = await page.evaluate(([from, on]) => globalThis.benchPage.open(from, on), [
    url,
    runtime,
  ] as const);
  if (opened.unavailable !== undefined) {
    report.note(`${name} on ${runtime.id}: ${opened.unavailable}`);
    return null;
  }
  const runner = { model: name, runtime: runtime.id, label: opened.label };
  const measure = (ratio: number, batch: number) =>
    page.evaluate(([masked, budget, masks]) => globalThis.benchPage.measure(masked, budget, masks), [
      ratio,
      budgetMs,
      batch,
    ] as const);
  if (rows.includes('forward')) {
    for (const ratio of RATIOS) forwardRows(runner, ratio, await measure(ratio, 1)).forEach(report.add);
  }
  if (rows.includes('sweep')) {
    for (const batch of BATCHES) report.add(sweepRow(runner, batch, await measure(SWEEP_RATIO, batch)));
  }
  return runner;
}
