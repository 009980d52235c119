/** Numbers and names as the page writes them. */
import type { ModelPhase } from '../runtime/engine.ts';
import { GENERATOR_NAMES, type Settings } from '../store/settings.ts';
import type { LensState } from '../store/state.ts';

export function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** 9398152 → "9.4 MB": decimal units, as download managers and operating systems count. */
export function bytes(count: number): string {
  const [divisor, unit] = count >= 1e9 ? [1e9, 'GB'] : count >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB'];
  return `${(count / divisor).toFixed(1)} ${unit}`;
}

/** 4712345 → "4.7 million". */
export function parameters(count: number): string {
  return `${(count / 1e6).toFixed(count < 1e8 ? 1 : 0)} million`;
}

export function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

export function loss(value: number): string {
  return value.toFixed(3);
}

/** "75 %, seed 2, PyTorch": what made some pixels. */
export function settingsLabel(settings: Settings): string {
  return `${percent(settings.ratio)}, seed ${settings.seed}, ${GENERATOR_NAMES[settings.generator]}`;
}

/** Bytes below this are not counted out to the visitor. */
const COUNTED_FROM = 100_000;

/** What the model is doing, in a few words; null when it is ready or has not begun. */
export function phaseLabel(phase: ModelPhase | { readonly phase: 'idle' }): string | null {
  switch (phase.phase) {
    case 'loading':
      // Small files come first, config.json among them; only the weights are worth counting.
      if (phase.loadedBytes < COUNTED_FROM) return 'Loading the model';
      return phase.totalBytes === null
        ? `Loading ${bytes(phase.loadedBytes)}`
        : `Loading ${bytes(phase.loadedBytes)} of ${bytes(phase.totalBytes)}`;
    case 'compiling':
      return 'Compiling';
    case 'warming-up':
      return `Warming up, ${Math.min(phase.step + 1, phase.steps)} of ${phase.steps}`;
    case 'failed':
      return 'The model failed';
    default:
      return null;
  }
}

/** How far the model's loading is, from 0 to 1; null when that cannot be told. */
export function phaseProgress(phase: LensState['model']['phase']): number | null {
  switch (phase.phase) {
    case 'loading':
      return phase.totalBytes === null || phase.totalBytes === 0
        ? null
        : phase.loadedBytes / phase.totalBytes;
    case 'warming-up':
    case 'compiling':
      return 1;
    default:
      return null;
  }
}
