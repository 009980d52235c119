/** The page that engine-rows.ts opens; it calls `benchPage`. */
import { wrap } from 'comlink';
import type { PassTimes } from '../measure.ts';
import type { Runtime } from '../runtimes.ts';

/** A runtime that this browser has; or why it has not. */
export type Opened =
  | { readonly label: string; readonly unavailable?: never }
  | { readonly unavailable: string };

export interface BenchPage {
  /** Whether there is a GPU that only the processor plays. */
  hasSoftwareGpu(): Promise<boolean>;
  /** Loads a model for the calls below. */
  open(url: string, runtime: Runtime): Promise<Opened>;
  measure(ratio: number, budgetMs: number, batch: number): Promise<PassTimes>;
  /** Milliseconds from a checkpoint's address to a model that is ready, as the page loads one. */
  load(url: string, runtime: Runtime): Promise<number>;
}

declare global {
  var benchPage: BenchPage;
}

const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' });
const died = new Promise<never>((_, reject) => {
  worker.addEventListener('error', ({ message }) => reject(new Error(`The worker stopped: ${message}`)));
});
// Whoever calls next hears of it.
died.catch(() => undefined);
const remote = wrap<BenchPage>(worker);
globalThis.benchPage = {
  hasSoftwareGpu: () => Promise.race([remote.hasSoftwareGpu(), died]),
  open: (url, runtime) => Promise.race([remote.open(url, runtime), died]),
  measure: (ratio, budgetMs, batch) => Promise.race([remote.measure(ratio, budgetMs, batch), died]),
  load: (url, runtime) => Promise.race([remote.load(url, runtime), died]),
};
