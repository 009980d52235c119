import { lenKeep } from '../../src/mae/masking.ts';
import type { Recording } from './page/recorder.ts';

/** Of one reconstruction that was painted, in milliseconds. */
export interface SliderTimes {
  /** From the newest input event that asked for this mask to the image on its canvas. */
  readonly toCanvas: number;
  /** The same to the end of the frame that shows it. */
  readonly toScreen: number;
  /** Encoder and decoder. */
  readonly forward: number;
  /**
   * What else lay on the way: events, masking, messages, composing, painting. It begins with the input, or, for one
   * that had to wait for the run before it, when that one was drawn.
   */
  readonly rest: number;
}

/** @param patches in an image */
export function sliderTimes({ inputs, runs, draws }: Recording, patches: number): SliderTimes[] {
  const inOrder = [...runs].sort((a, b) => a.end - b.end);
  const drawOf = (index: number) => {
    const end = inOrder[index]?.end ?? Number.POSITIVE_INFINITY;
    const next = inOrder[index + 1]?.end ?? Number.POSITIVE_INFINITY;
    return draws.find(({ at }) => at >= end && at < next);
  };
  return inOrder.flatMap((run, index) => {
    const draw = drawOf(index);
    const input = inputs.findLast(
      ({ at, value }) => at <= run.start && lenKeep(patches, value / 100) === run.kept,
    );
    // A result that came too late was not drawn; a run that no input asked for is not the slider's.
    if (draw === undefined || input === undefined) return [];
    const forward = run.encoderMs + run.decoderMs;
    const begin = Math.max(input.at, drawOf(index - 1)?.at ?? 0);
    return {
      toCanvas: draw.at - input.at,
      toScreen: draw.shown - input.at,
      forward,
      rest: draw.at - begin - forward,
    };
  });
}
