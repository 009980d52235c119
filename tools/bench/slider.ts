/** A drag of the ratio's slider on the built page, by a scripted hand. */
import type { Browser, Page } from '@playwright/test';
import { geometryOf, patchCount } from '../../src/mae/geometry.ts';
import { lenKeep } from '../../src/mae/masking.ts';
import type { BenchOptions } from './arguments.ts';
import { type BuiltPage, ISOLATION, visit } from './built-page.ts';
import { type Drag, FORWARD_PASS, sliderRow } from './compare.ts';
import { startHost } from './host.ts';
import type { BenchModel } from './models.ts';
import type { Recording } from './page/recorder.ts';
import type { Report } from './rows.ts';
import { type SliderTimes, sliderTimes } from './slider-times.ts';
import { summarize } from './statistics.ts';

/** As the built page can run a model: with a thread for each core, with one, or on WebGPU. */
const PLACES = [
  { id: 'page-isolated', of: 'wasm-2-fp32', device: 'wasm', headers: ISOLATION },
  { id: 'page-plain', of: 'wasm-1-fp32', device: 'wasm', headers: {} },
  { id: 'page-webgpu', of: 'webgpu-fused', device: 'webgpu', headers: ISOLATION },
] as const;

const TIMES: readonly { readonly what: string; readonly of: (times: SliderTimes) => number }[] = [
  { what: 'input to canvas', of: ({ toCanvas }) => toCanvas },
  { what: 'input to screen', of: ({ toScreen }) => toScreen },
  { what: FORWARD_PASS, of: ({ forward }) => forward },
  { what: 'all but the forward pass', of: ({ rest }) => rest },
];

/** Enough for a 95th percentile; slow models take more than the budget for them. */
const MIN_STEPS = 20;
const MAX_STEPS = 200;
/** Between two movements of the hand, in milliseconds. */
const FRAME = 16;

export async function measureSlider(
  browser: Browser,
  built: BuiltPage,
  model: BenchModel,
  { runtimes, budgetMs, slow }: BenchOptions,
  softwareGpu: boolean,
  report: Report,
): Promise<void> {
  const site = await built.site(model.folder);
  const patches = patchCount(geometryOf(model.checkpoint.config).grid);
  for (const { id, of, device, headers } of PLACES) {
    if (!runtimes.some((runtime) => runtime.id === of)) continue;
    if (device === 'webgpu' && softwareGpu && !slow) {
      report.note(`slider of ${model.name}, ${id}: not measured on a software adapter without --slow.`);
      continue;
    }
    const host = await startHost(site, headers);
    // A service worker would isolate the plain host's page too.
    const { page, until, close } = await visit(browser, host, { ...built, device, serviceWorker: false });
    try {
      await until('live');
      const hand = await Hand.grab(page, patches);
      const runner = { model: model.name, runtime: id, label: await labelOf(page, device) };
      const drags: Readonly<Record<Drag, Recording>> = {
        'step by step': await hand.stepByStep(budgetMs),
        'live drag': await hand.live(budgetMs),
      };
      for (const [drag, recording] of Object.entries(drags) as [Drag, Recording][]) {
        const times = sliderTimes(recording, patches);
        for (const { what, of: time } of TIMES) {
          const summary = summarize(times.map(time));
          report.add({
            ...runner,
            kind: 'slider',
            masked: null,
            what: sliderRow(drag, what),
            unit: 'ms',
            summary,
          });
        }
      }
    } catch (error) {
      report.failed(`slider of ${model.name}, ${id}`, error);
    } finally {
      await close();
      await host.close();
    }
  }
}

/** Holds the slider's thumb; moves between 50 and 95 %, back and forth. */
class Hand {
  readonly #page: Page;
  readonly #patches: number;
  /** In percent, to pixels of the viewport. */
  readonly #x: (percent: number) => number;
  readonly #y: number;
  #percent = 75;
  #direction = 1;

  private constructor(
    page: Page,
    patches: number,
    box: { x: number; y: number; width: number; height: number },
  ) {
    this.#page = page;
    this.#patches = patches;
    // The thumb's middle stays within the slider by about half its height.
    const inset = box.height / 2;
    this.#x = (percent) => box.x + inset + (percent / 100) * (box.width - 2 * inset);
    this.#y = box.y + box.height / 2;
  }

  static async grab(page: Page, patches: number): Promise<Hand> {
    const slider = page.getByRole('slider', { name: 'Mask ratio' });
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    if (box === null) throw new Error('The page shows no slider.');
    const hand = new Hand(page, patches, box);
    await page.mouse.move(hand.#x(hand.#percent), hand.#y);
    await page.mouse.down();
    return hand;
  }

  /** Moves on only when the image is there, so that every run answers one input and waits for none. */
  async stepByStep(budgetMs: number): Promise<Recording> {
    await this.#forget();
    const begin = performance.now();
    for (
      let step = 0;
      step < MIN_STEPS || (step < MAX_STEPS && performance.now() - begin < 2 * budgetMs);
      step++
    ) {
      // By two percent, so that rounding to pixels cannot leave the value as it was.
      await this.#move(2);
      await this.#painted(true);
    }
    return this.#page.evaluate(() => globalThis.recording);
  }

  /** Moves with every frame, as a hand does; the page paints as fast as it can. */
  async live(budgetMs: number): Promise<Recording> {
    await this.#forget();
    const begin = performance.now();
    let next = begin;
    const enough = async () =>
      (await this.#page.evaluate(() => globalThis.recording.runs.length)) >= MIN_STEPS;
    while (performance.now() - begin < 2 * budgetMs || !(await enough())) {
      await this.#move(0.5);
      next += FRAME;
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
    }
    await this.#painted(false);
    return this.#page.evaluate(() => globalThis.recording);
  }

  async #move(percent: number): Promise<void> {
    if (this.#percent + this.#direction * percent > 95) this.#direction = -1;
    if (this.#percent + this.#direction * percent < 50) this.#direction = 1;
    this.#percent += this.#direction * percent;
    await this.#page.mouse.move(this.#x(this.#percent), this.#y);
  }

  async #forget(): Promise<void> {
    await this.#page.evaluate(() => {
      globalThis.recording.inputs = [];
      globalThis.recording.runs = [];
      globalThis.recording.draws = [];
    });
  }

  /**
   * Waits until the mask of the newest input is drawn.
   * @param anew by a run that this input began; else it may be the result of an earlier one
   */
  async #painted(anew: boolean): Promise<void> {
    const input = await this.#page.evaluate(() => globalThis.recording.inputs.at(-1));
    if (input === undefined) throw new Error('Moving the slider made no input event.');
    const wanted = { kept: lenKeep(this.#patches, input.value / 100), since: anew ? input.at : 0 };
    await this.#page.waitForFunction(({ kept, since }) => {
      const { runs, draws } = globalThis.recording;
      const run = runs.findLast(({ start, kept: seen }) => seen === kept && start >= since);
      return run !== undefined && (draws.at(-1)?.at ?? 0) >= run.end;
    }, wanted);
  }
}

async function labelOf(page: Page, device: 'wasm' | 'webgpu'): Promise<string> {
  if (device === 'webgpu') return 'page · WebGPU';
  const isolated = await page.evaluate(() => globalThis.crossOriginIsolated);
  return `page · WebAssembly · ${isolated ? 'a thread for each core' : '1 thread'}`;
}
