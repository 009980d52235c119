/** Numbers and names as the page writes them. */

import { reasonText } from '../base/reason.ts';
import type { AgreementStep, ModelPhase } from '../engine/engine.ts';
import { en } from '../locales/en.ts';
import { findStrategy } from '../mae/strategies/strategies.ts';
import type { DeviceReport } from '../runtime/device/choice.ts';
import { type Masking, shownRatio } from '../store/mask/masking.ts';
import { GENERATOR_NAMES } from '../store/mask/settings.ts';
import { dtypeObstacle } from '../store/model/agreement.ts';
import type { AgreementRecord, Measuring } from '../store/model/agreement-records.ts';
import type { LensState } from '../store/state.ts';

export function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** 9398152 → "9.4 MB": decimal units, as download managers and operating systems count. */
export function bytes(count: number): string {
  const [divisor, unit] = count >= 1e9 ? [1e9, 'GB'] : count >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB'];
  return `${(count / divisor).toFixed(1)} ${unit}`;
}

/** 447631360 → "448 MB", 1318167552 → "1.3 GB": the size of a model, said in passing. */
export function size(count: number): string {
  const [divisor, unit] = count >= 999.5e6 ? [1e9, 'GB'] : count >= 999_500 ? [1e6, 'MB'] : [1e3, 'kB'];
  const value = count / divisor;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${unit}`;
}

/** 447631360 → "447,631,360 bytes". */
export function exactBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en')} bytes`;
}

/** 45 → "about 45 s left": as exactly as a download can know. */
export function timeLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 58) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
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

/** "WebAssembly · 2 threads", "WebAssembly · 2 threads · int8": float32 goes without saying. */
export function deviceLabel({ label, dtype }: Pick<DeviceReport, 'label' | 'dtype'>): string {
  return dtype === 'fp32' ? label : `${label} · ${en.dtypes[dtype]}`;
}

/** "46.1 dB"; images without any difference have an infinite ratio. */
export function decibels(psnr: number): string {
  return Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : 'no difference';
}

/** "46.1 dB at worst, over 72 runs on the samples". */
export function agreementLabel({ lowestPsnr, runs, on }: AgreementRecord): string {
  const counted = `${runs} ${runs === 1 ? 'run' : 'runs'}`;
  return `${decibels(lowestPsnr)} at worst, over ${counted} ${on === 'samples' ? 'on the samples' : 'in this browser'}`;
}

/** 0.0066 → "at most 0.007", 0.0002 → "less than 0.001": a difference of losses. */
export function atMost(value: number): string {
  return value < 0.001 ? 'less than 0.001' : `at most ${loss(Math.ceil(value * 1000) / 1000)}`;
}

/** What a measurement is doing. */
export function measuringLabel({ second, step }: Measuring): string {
  if (step?.phase === 'comparing') return `Comparing, run ${step.run + 1} of ${step.runs}`;
  const doing = step === null ? null : phaseLabel(step);
  return `The ${en.dtypes[second]} copy: ${doing === null ? 'loading' : doing.replace(/^./, (first) => first.toLowerCase())}`;
}

/** How far a measurement is, from 0 to 1: half of it is the second copy’s loading. */
export function measuringProgress(step: AgreementStep | null): number {
  if (step === null) return 0;
  return step.phase === 'comparing' ? (1 + step.run / step.runs) / 2 : (phaseProgress(step) ?? 0) / 2;
}

/** "75 %, seed 2, PyTorch", "50 %, checkerboard": what made some pixels. */
export function settingsLabel(masking: Masking): string {
  const { generator, strategy } = masking.settings;
  const drawn = findStrategy(strategy)?.usesSeed === true;
  return `${maskLabel(masking)}${drawn ? `, ${GENERATOR_NAMES[generator]}` : ''}`;
}

/** "75 %, seed 2", "75 %, blocks, seed 2, painted by hand". */
export function maskLabel(masking: Masking): string {
  const { strategy, seed, painted } = masking.settings;
  const found = findStrategy(strategy);
  return [
    percent(shownRatio(masking)),
    ...(strategy === 'random' || found === undefined ? [] : [found.label.toLowerCase()]),
    ...(found?.usesSeed === true ? [`seed ${seed}`] : []),
    ...(painted.size === 0 ? [] : ['painted by hand']),
  ].join(', ');
}

/** Bytes below this are not counted out to the visitor. */
export const COUNTED_FROM = 100_000;

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

/** Why the model in use does not compute in what was asked for; null when it does. */
export function obstacleText(model: LensState['model']): string | null {
  const obstacle = dtypeObstacle(model);
  return obstacle === null ? null : reasonText(obstacle, en);
}
