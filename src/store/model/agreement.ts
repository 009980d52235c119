/** Precision as the visitor meets it: what is known of it for the model in use, and measuring it. */

import { LensError, toLensError } from '../../base/errors.ts';
import { numPatches } from '../../mae/geometry.ts';
import { randomMasking } from '../../mae/masking.ts';
import { torchRand } from '../../mae/random.ts';
import type {
  Engine,
  KnownCloseness,
  MaskInput,
  ModelInfo,
  ModelSource,
  Precision,
  PrecisionChoice,
} from '../../engine/engine.ts';
import { choosePrecision, closenessOf, kindObstacle, REDUCED_PRECISION } from '../../runtime/device/precision.ts';
import {
  closenessFrom,
  type FidelityRecord,
  type FidelityState,
  joinFidelity,
  parseRecords,
  recordsFrom,
  recordsOf,
  SHIPPED_RECORDS,
  writeRecords,
} from './agreement-records.ts';
import { type PreferenceStorage, readPreferences, writePreference } from '../preferences.ts';
import type { LensState } from '../state.ts';

export interface FidelityKeeper {
  /** Holds the device's other precision against float32, on the image on the stage. */
  measure(): Promise<void>;
  cancel(): void;
  dismissProblem(): void;
  /** What is known of models from a source, as the engine takes it. */
  closeness(source: ModelSource): readonly KnownCloseness[];
}

export interface FidelityKeeperOptions {
  readonly engine: Pick<Engine, 'measureFidelity'>;
  readonly storage: PreferenceStorage | null;
  readonly get: () => LensState;
  readonly set: (change: Partial<FidelityState>) => void;
}

/** Most at the paper's ratio, and one at each side of it: a measurement should take seconds. */
const MEASURED: readonly { readonly ratio: number; readonly seed: number }[] = [
  { ratio: 0.75, seed: 0 },
  { ratio: 0.75, seed: 1 },
  { ratio: 0.75, seed: 2 },
  { ratio: 0.75, seed: 3 },
  { ratio: 0.5, seed: 2 },
  { ratio: 0.9, seed: 2 },
];

/** The browser keeps so many measurements; the oldest go first. */
const KEPT = 40;

export function startFidelity(storage: PreferenceStorage | null): FidelityState {
  const kept = parseRecords(readPreferences(storage).fidelity);
  return { records: [...SHIPPED_RECORDS, ...kept], measuring: null, measured: null, problem: null };
}

export function createFidelityKeeper({ engine, storage, get, set }: FidelityKeeperOptions): FidelityKeeper {
  let running: AbortController | null = null;

  async function measure(): Promise<void> {
    const {
      model: { info, inUse },
      image,
    } = get();
    if (running !== null || info === null || inUse === null || image === null) return;
    const mine = new AbortController();
    running = mine;
    const precision = reducedPrecision(info);
    const second = info.device.precision === 'float32' ? precision : 'float32';
    set({ measuring: { precision, second, step: null }, problem: null });
    try {
      const fidelity = await engine.measureFidelity(
        image.prepared.id,
        masksOf(info),
        (step) => {
          if (running === mine) set({ measuring: { precision, second, step } });
        },
        mine.signal,
      );
      if (running !== mine) return;
      const { name: model, parameters, bytes } = info;
      const files = inUse.kind === 'files' ? inUse : null;
      keep({ model, parameters, bytes, on: 'stage', files, ...fidelity });
    } catch (error) {
      if (running !== mine) return;
      const problem = problemOf(error, precision, second);
      if (problem.code !== 'cancelled') set({ problem });
    } finally {
      if (running === mine) {
        running = null;
        set({ measuring: null });
      }
    }
  }

  function keep(record: FidelityRecord): void {
    const { records } = get().fidelity;
    const before = records.find((other) => isSame(other, record));
    const measured = before === undefined ? record : joinFidelity(before, record);
    const shipped = records.filter(({ on }) => on === 'samples');
    const here = records.filter((other) => other.on === 'stage' && other !== before);
    const next = [...shipped, ...[...here, measured].slice(-KEPT)];
    set({ records: next, measured: record });
    writePreference(storage, 'fidelity', writeRecords(next));
  }

  return {
    measure,
    cancel() {
      const mine = running;
      // First, so that the rejection that follows no longer counts.
      running = null;
      set({ measuring: null, measured: null, problem: null });
      mine?.abort();
    },
    dismissProblem() {
      set({ problem: null });
    },
    closeness: (source) => closenessFrom(recordsFrom(source, get().fidelity.records)),
  };
}

function isSame(a: FidelityRecord, b: FidelityRecord): boolean {
  const keys = ['model', 'parameters', 'bytes', 'precision', 'on', 'files'] as const;
  return keys.every((key) => a[key] === b[key]);
}

function masksOf({ config }: ModelInfo): readonly MaskInput[] {
  return MEASURED.map(({ ratio, seed }) => randomMasking(torchRand(seed, numPatches(config)), ratio));
}

function problemOf(error: unknown, precision: Precision, second: Precision): LensError {
  const failure = toLensError(error, 'engine-failed', `${precision} could not be measured.`);
  switch (failure.code) {
    case 'out-of-memory':
      return new LensError(
        failure.code,
        `The ${second} copy does not fit into memory beside the model in use. Close other tabs and measure again; the model in use goes on.`,
        { cause: error },
      );
    case 'worker-died':
      return new LensError(
        failure.code,
        `The ${second} copy stopped, most likely for want of memory. Close other tabs and measure again; the model in use goes on.`,
        { cause: error },
      );
    default:
      return failure;
  }
}

/** What the device of a loaded model has beside float32. */
export function reducedPrecision({ device }: ModelInfo): Precision {
  return REDUCED_PRECISION[device.kind];
}

/** What is known of the model in use, in the precision that its device has beside float32. */
export function knownFidelity({ model: { info, inUse }, fidelity }: LensState): readonly FidelityRecord[] {
  if (info === null || inUse === null) return [];
  const precision = reducedPrecision(info);
  return recordsOf(inUse, info, fidelity.records).filter((record) => record.precision === precision);
}

/**
 * What the model in use would compute in if it were loaded again with this choice; null where only its device can
 * tell.
 */
export function precisionFor(
  wanted: PrecisionChoice,
  { model: { info, inUse }, fidelity }: Pick<LensState, 'model' | 'fidelity'>,
): Precision | null {
  if (info === null || inUse === null) return null;
  const { kind, precision } = info.device;
  const closeness = closenessOf(info, closenessFrom(recordsFrom(inUse, fidelity.records)));
  const request = { wanted, parameters: info.parameters, closeness };
  if (kind === 'wasm') return choosePrecision(request, { kind }).precision;
  const chosen = choosePrecision(request, { kind, float16: true }).precision;
  // A graphics device that has run float16 will again; whether another can is found out by loading.
  const proven = precision === 'float16' || closeness.float16 !== undefined;
  return chosen === 'float16' && !proven ? null : chosen;
}

/** What a model that is in use would now better be loaded in, by the choice “automatic”; null when nothing. */
export function betterPrecision(state: Pick<LensState, 'model' | 'fidelity'>): Precision | null {
  const { info, wantedPrecision, phase } = state.model;
  if (info === null || wantedPrecision !== 'auto' || phase.phase !== 'ready') return null;
  const better = precisionFor('auto', state);
  return better === info.device.precision ? null : better;
}

/** Why the model in use does not compute in what was asked for; null when it does. */
export function precisionObstacle({ info, wantedPrecision }: LensState['model']): string | null {
  if (info === null || wantedPrecision === 'auto') return null;
  const { kind, precision, precisionReason } = info.device;
  if (precision === wantedPrecision) return null;
  const obstacle = kindObstacle(wantedPrecision, kind);
  if (obstacle !== null) return `${obstacle} The model runs in ${precision} instead.`;
  return precisionReason ?? null;
}
