/** What the page did, in the browser's own User Timing: developer tools show it, and tools can listen. */
import type { MaskInput, Reconstruction } from './engine.ts';

/** From the engine's call to its answer, on the page's thread, with `RunDetail`. */
export const RUN_MEASURE = 'mae-lens:run';

export interface RunDetail {
  /** Patches that the encoder saw. */
  readonly kept: number;
  readonly encoderMs: number;
  readonly decoderMs: number;
}

/** Runs, and measures the run; one that fails leaves no measure. */
export async function measuredRun(
  { idsKeep }: MaskInput,
  run: () => Promise<Reconstruction>,
): Promise<Reconstruction> {
  const start = performance.now();
  const answer = await run();
  const { encoderMs, decoderMs } = answer;
  const detail: RunDetail = { kept: idsKeep.length, encoderMs, decoderMs };
  performance.measure(RUN_MEASURE, { start, detail });
  // Whoever observes has it by now; the browser's list of measures would grow for as long as the page is open.
  performance.clearMeasures(RUN_MEASURE);
  return answer;
}
