/** What a model is doing: in a few words, and how far it is. */
import type { AgreementStep } from '../engine/engine.ts';
import type { Words } from '../locales/words.ts';
import type { Measuring } from '../store/model/agreement-records.ts';
import type { LensState } from '../store/state.ts';

type Phase = LensState['model']['phase'];

/** Bytes below this are not counted out to the visitor: small files come first, config.json among them. */
export const COUNTED_FROM = 100_000;

/** Null when it is ready or has not begun. */
export function phaseText(phase: Phase, { models: { phase: words } }: Words): string | null {
  switch (phase.phase) {
    case 'loading':
      return phase.loadedBytes < COUNTED_FROM
        ? words.loading
        : words.loadingBytes({ loaded: phase.loadedBytes, total: phase.totalBytes });
    case 'compiling':
      return words.compiling;
    case 'warming-up':
      return words.warmingUp(stepOf(phase));
    case 'failed':
      return words.failed;
    default:
      return null;
  }
}

/** From 0 to 1; null when that cannot be told. */
export function phaseProgress(phase: Phase): number | null {
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

/** What a measurement is doing. */
export function measuringText({ second, step }: Measuring, { device, dtypes }: Words): string {
  const { copy, comparing } = device.agreement;
  const dtype = dtypes[second];
  switch (step?.phase) {
    case undefined:
      return copy.loading({ dtype });
    case 'comparing':
      return comparing({ run: step.run + 1, runs: step.runs });
    case 'loading':
      return step.loadedBytes < COUNTED_FROM
        ? copy.loadingModel({ dtype })
        : copy.loadingBytes({ dtype, loaded: step.loadedBytes, total: step.totalBytes });
    case 'compiling':
      return copy.compiling({ dtype });
    case 'warming-up':
      return copy.warmingUp({ dtype, ...stepOf(step) });
  }
}

/** How far a measurement is, from 0 to 1: half of it is the second copy’s loading. */
export function measuringProgress(step: AgreementStep | null): number {
  if (step === null) return 0;
  return step.phase === 'comparing' ? (1 + step.run / step.runs) / 2 : (phaseProgress(step) ?? 0) / 2;
}

function stepOf({ step, steps }: { readonly step: number; readonly steps: number }) {
  return { step: Math.min(step + 1, steps), steps };
}
