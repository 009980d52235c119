/**
 * What keeps the page's own thread from answering, from the navigation to the end of a drag of the ratio slider. The
 * tasks are those of the Long Tasks API, read from the browser's trace, which also knows how long the processor worked
 * on each: on a machine that does other things too, only that is the page's.
 *
 * By itself: `npx tsx tools/bench/long-tasks.ts [--runs 5] [--slowdown 1] [--url URL]` measures the built page in
 * dist/, or one that is served already, and names its long tasks. A slowdown of 4 is about a phone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from '@playwright/test';
import { preview } from 'vite';
import { z } from 'zod';
import { launchBrowser } from '../browser/launch.ts';
import { type BuiltPage, ISOLATION } from './built-page.ts';
import { ISOLATED_HOST, longestTask, PHASES, type Phase } from './compare.ts';
import { startHost } from './host.ts';
import type { BenchModel } from './models.ts';
import type { Report } from './rows.ts';
import { summarize } from './statistics.ts';

interface PageTask {
  /** Milliseconds after the navigation began. */
  readonly start: number;
  /** Milliseconds by the clock. */
  readonly duration: number;
  /** Milliseconds of the processor's work, in which other programs have no part. */
  readonly work: number;
  readonly during: Phase;
}

interface PageTasks {
  /** All until the end of the drag. */
  readonly tasks: readonly PageTask[];
  /** Milliseconds after the navigation began. */
  readonly firstResult: number;
  readonly live: number;
  readonly dragEnd: number;
}

const LONG_MS = 50;
/** For a new browser to come to rest. */
const SETTLE_MS = 2000;
/** First visits, each in a browser of its own. */
const VISITS = 5;
const VIEWPORT = { width: 1440, height: 900 };
const MARK = 'mae-lens-bench';
const RECONSTRUCTION = 'figure[data-place="reconstruction"] [role="img"]';
const TIMEOUT_MS = 120_000;
const DRAG_STEPS = 60;

export async function measureTasks(
  built: BuiltPage,
  { name, folder }: BenchModel,
  report: Report,
): Promise<void> {
  const host = await startHost(await built.site(folder), ISOLATION);
  try {
    const visits: PageTasks[] = [];
    for (let i = 0; i < VISITS; i++) visits.push(await firstVisit(host.url));
    const longest = (during: Phase, by: 'duration' | 'work') =>
      visits.map(({ tasks }) =>
        Math.max(0, ...tasks.filter((task) => task.during === during).map((task) => task[by])),
      );
    const place = { model: name, runtime: ISOLATED_HOST, label: "the page's own thread", masked: null };
    const shared = { ...place, kind: 'tasks', unit: 'ms' } as const;
    for (const during of PHASES) {
      const byClock = summarize(longest(during, 'duration'));
      const byWork = summarize(longest(during, 'work'));
      report.add({ ...shared, what: longestTask(during, 'the clock'), summary: byClock });
      report.add({ ...shared, what: longestTask(during, 'its work'), summary: byWork });
    }
  } finally {
    await host.close();
  }
}

async function firstVisit(url: string, slowdown = 1): Promise<PageTasks> {
  const browser = await launchBrowser();
  try {
    // A visitor's browser has long begun; its own processes would hold up the page's.
    await sleep(SETTLE_MS);
    const page = await browser.newPage({ viewport: VIEWPORT });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    return await tasksOfVisit(page, url);
  } finally {
    await browser.close();
  }
}

/**
 * @param page a fresh one, not yet at the page
 * @param url of the built page
 */
async function tasksOfVisit(page: Page, url: string): Promise<PageTasks> {
  const session = await page.context().newCDPSession(page);
  const stopTracing = await trace(session);
  await page.goto(url);
  const firstResult = await momentOf(page, '^Reconstruction: every patch');
  const live = await momentOf(page, 'loss [\\d.]+\\d\\.$');
  await drag(page);
  const dragEnd = await page.evaluate((mark) => performance.mark(mark).startTime, MARK);
  const phaseAt = (start: number): Phase =>
    start < firstResult ? PHASES[0] : start < live ? PHASES[1] : PHASES[2];
  const tasks = tasksOf(await stopTracing())
    .filter(({ start }) => start <= dragEnd)
    .map((task) => ({ ...task, during: phaseAt(task.start) }));
  return { tasks, firstResult, live, dragEnd };
}

/** A line of the browser's trace; times in microseconds. */
const eventSchema = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number(),
  dur: z.number().optional(),
  tdur: z.number().optional(),
  /** Of a mark: milliseconds after the navigation began. */
  args: z.object({ data: z.object({ startTime: z.number().optional() }).optional() }).optional(),
});
type TraceEvent = z.infer<typeof eventSchema>;

/** Starts a trace of the browser; the function that it gives ends it. */
async function trace(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const entry of value) {
      const event = eventSchema.safeParse(entry);
      if (event.success) events.push(event.data);
    }
  });
  const includedCategories = [
    'disabled-by-default-devtools.timeline',
    'devtools.timeline',
    'blink.user_timing',
  ];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories },
  });
  return async () => {
    const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
    await session.send('Tracing.end');
    await complete;
    return events;
  };
}

/** All tasks of the page's own thread: the one on which the mark was set. */
function tasksOf(events: readonly TraceEvent[]): Omit<PageTask, 'during'>[] {
  const mark = events.findLast(({ name }) => name === MARK);
  const startTime = mark?.args?.data?.startTime;
  if (mark === undefined || startTime === undefined) throw new Error('The trace does not show the page.');
  return events
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === mark.pid && tid === mark.tid)
    .map(({ ts, dur = 0, tdur = 0 }) => ({
      start: (ts - mark.ts) / 1000 + startTime,
      duration: dur / 1000,
      work: tdur / 1000,
    }));
}

/** When the reconstruction's own words first match, in milliseconds after the navigation began. */
async function momentOf(page: Page, pattern: string): Promise<number> {
  const moment = await page.waitForFunction(
    ([selector, words]) => {
      const name = document.querySelector(selector)?.getAttribute('aria-label') ?? '';
      return new RegExp(words).test(name) ? performance.now() : null;
    },
    [RECONSTRUCTION, pattern] as const,
    { timeout: TIMEOUT_MS },
  );
  return (await moment.jsonValue()) ?? Number.NaN;
}

/** From 75 % down to 15 % and back, a step for about every frame, as a hand does it. */
async function drag(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Mask ratio' });
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (box === null) throw new Error('The slider is not shown.');
  const y = box.y + box.height / 2;
  const at = (part: number) => box.x + box.width * part;
  await page.mouse.move(at(0.75), y);
  await page.mouse.down();
  for (let step = 1; step <= DRAG_STEPS; step++) {
    const there = 1 - Math.abs(1 - (2 * step) / DRAG_STEPS);
    await page.mouse.move(at(0.75 - 0.6 * there), y);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  await page.mouse.up();
}

function words({ start, duration, work, during }: PageTask): string {
  return `${Math.round(work)} ms of work in ${Math.round(duration)} ms, at ${Math.round(start)} ms, ${during}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '5' },
      slowdown: { type: 'string', default: '1' },
      url: { type: 'string' },
    },
  });
  const rate = Number(values.slowdown);
  const server =
    values.url === undefined
      ? await preview({ logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } })
      : null;
  const url = values.url ?? server?.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('The built page could not be served. Run "npm run build" first.');
  try {
    for (let run = 1; run <= Number(values.runs); run++) print(run, await firstVisit(url, rate));
  } finally {
    await server?.close();
  }
}

function print(run: number, { tasks, firstResult, live, dragEnd }: PageTasks): void {
  const long = tasks.filter(({ duration }) => duration > LONG_MS);
  const busiest = tasks.reduce((most, task) => (task.work > most.work ? task : most));
  console.log(
    [
      `Run ${run}: ${long.length} tasks above ${LONG_MS} ms by the clock, ${long.filter(({ work }) => work > LONG_MS).length} of them by their work.`,
      `  busiest: ${words(busiest)}`,
      ...long.map((task) => `  too long: ${words(task)}`),
      `  first result ${Math.round(firstResult)} ms, live ${Math.round(live)} ms, drag ended ${Math.round(dragEnd)} ms`,
    ].join('\n'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
