import type { ModelPhase } from './engine.ts';

/** Often enough for the eye; a download has hundreds of pieces, and each that is told costs the page a frame's work. */
const PACE_MS = 100;

/** Tells of a download's progress no oftener than that, the newest always in the end; of everything else at once. */
export function paced(tell: (phase: ModelPhase) => void): (phase: ModelPhase) => void {
  let newest: ModelPhase | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (newest === null) return;
      const phase = newest;
      newest = null;
      tell(phase);
      pause();
    }, PACE_MS);
  };
  return (phase) => {
    if (phase.phase !== 'loading') {
      clearTimeout(timer);
      timer = undefined;
      newest = null;
      tell(phase);
    } else if (timer !== undefined) newest = phase;
    else {
      tell(phase);
      pause();
    }
  };
}
