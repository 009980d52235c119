/**
 * Listens in the built page, from before its first script: when results come, and what a drag of the slider costs.
 * It reads what the page shows and the browser's User Timing; the page knows nothing of it. Times are in milliseconds.
 */
import { RUN_MEASURE, type RunDetail } from '../../../src/engine/engine-timing.ts';

/** `start` comes again with every document: a page may load itself anew. */
export type Milestone = 'start' | 'first-contentful-paint' | 'first-result' | 'live';

/** On the page's own clock. */
export interface Recording {
  /** Input events of the ratio's slider, in percent. */
  inputs: { readonly at: number; readonly value: number }[];
  /** From the call to the answer, on the page's thread. */
  runs: (RunDetail & { readonly start: number; readonly end: number })[];
  /** When the reconstruction was drawn on its canvas, and when the frame with it was through. */
  draws: { readonly at: number; readonly shown: number }[];
}

declare global {
  var recording: Recording;
  /**
   * Both since the epoch.
   * @param shown when the frame with it was through
   * @param ready when the page had all that it needed for it
   */
  var tellMilestone: (name: Milestone, shown: number, ready: number) => Promise<void>;
}

const PANEL = 'figure[data-place="reconstruction"]';
const SLIDER = 'input[type="range"]';

const own: Recording = { inputs: [], runs: [], draws: [] };
globalThis.recording = own;

function tell(name: Milestone, shown: number, ready = shown): void {
  void globalThis.tellMilestone(name, performance.timeOrigin + shown, performance.timeOrigin + ready);
}

/** After the next frame with its painting. */
function afterFrame(then: (at: number) => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then(performance.now());
  };
  requestAnimationFrame(() => port2.postMessage(null));
}

tell('start', 0);
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntriesByName('first-contentful-paint'))
    tell('first-contentful-paint', startTime);
}).observe({ type: 'paint', buffered: true });

// What the panel shows is in its canvas's name, in words; see src/ui/Stage/summaries.ts.
const told = new Set<Milestone>();
const look = (): void => {
  const words = document.querySelector(`${PANEL} canvas`)?.getAttribute('aria-label') ?? '';
  if (!words.startsWith('Reconstruction: every patch')) return;
  const live = /(loss [\d.]+\d|no masked patch)\.$/.test(words);
  for (const name of ['first-result', ...(live ? (['live'] as const) : [])] as const) {
    if (told.has(name)) continue;
    told.add(name);
    const ready = performance.now();
    afterFrame((shown) => tell(name, shown, ready));
  }
  if (live) watching.disconnect();
};
const watching = new MutationObserver(look);
watching.observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['aria-label'],
});

addEventListener(
  'input',
  ({ target, timeStamp }) => {
    if (target instanceof HTMLInputElement && target.matches(SLIDER))
      own.inputs.push({ at: timeStamp, value: target.valueAsNumber });
  },
  { capture: true },
);

new PerformanceObserver((list) => {
  for (const entry of list.getEntriesByName(RUN_MEASURE)) {
    const { detail } = entry as PerformanceEntry & { readonly detail: RunDetail };
    own.runs.push({ ...detail, start: entry.startTime, end: entry.startTime + entry.duration });
  }
}).observe({ type: 'measure' });

const { drawImage } = CanvasRenderingContext2D.prototype;
let drawn = false;
CanvasRenderingContext2D.prototype.drawImage = function (
  this: CanvasRenderingContext2D,
  ...image: unknown[]
): void {
  Reflect.apply(drawImage, this, image);
  if (drawn || this.canvas.closest(PANEL) === null) return;
  // One drawing of the panel may draw several images.
  drawn = true;
  queueMicrotask(() => {
    drawn = false;
  });
  const at = performance.now();
  afterFrame((shown) => own.draws.push({ at, shown }));
};
