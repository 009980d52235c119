/** What the page did, in the browser's own User Timing: developer tools show it, and tools can listen. */
import type { CallInput, CallOutput, ModelCall } from './model/calls.ts';

/** From the engine's call to its answer, on the page's thread, with `RunDetail`. */
export const RUN_MEASURE = 'mae-lens:run';

export interface RunDetail {
  /** Patches that the encoder saw. */
  readonly kept: number;
  readonly encoderMs: number;
  readonly decoderMs: number;
}

/** Runs a call; a reconstruction is measured, unless it fails. */
export async function measured<C extends ModelCall>(
  name: C,
  input: CallInput<C>,
  run: () => Promise<CallOutput<C>>,
): Promise<CallOutput<C>> {
  const start = performance.now();
  const answer = await run();
  if (name !== 'reconstruct') return answer;
  const { idsKeep } = input as CallInput<'reconstruct'>;
  const { encoderMs, decoderMs } = answer as CallOutput<'reconstruct'>;
  const detail: RunDetail = { kept: idsKeep.length, encoderMs, decoderMs };
  performance.measure(RUN_MEASURE, { start, detail });
  // Whoever observes has it by now; the browser's list of measures would grow for as long as the page is open.
  performance.clearMeasures(RUN_MEASURE);
  return answer;
}
