/** How well a dtype agrees with float32, for the model in use: what is known of it, and measuring it. */

import type { StoreApi } from 'zustand/vanilla';
import { LensError, toLensError } from '../../base/errors.ts';
import type { DtypeReason } from '../../base/reason.ts';
import type { Engine, ModelInfo, ModelSource } from '../../engine/engine.ts';
import type { MaskInput } from '../../engine/model/predictions.ts';
import { geometryOf, patchCount } from '../../mae/geometry.ts';
import { randomMasking } from '../../mae/masking.ts';
import { torchRand } from '../../mae/random.ts';
import type { Dtype, DtypeChoice, KnownAgreement } from '../../runtime/device/choice.ts';
import {
  agreementOf,
  chooseDtype,
  insteadOf,
  kindObstacle,
  REDUCED_DTYPE,
} from '../../runtime/device/dtype.ts';
import { type PreferenceStorage, readPreferences, writePreference } from '../preferences.ts';
import type { LensState } from '../state.ts';
import {
  type AgreementRecord,
  type AgreementState,
  knownAgreementFrom,
  mergeAgreement,
  parseRecords,
  recordsFrom,
  recordsOf,
  SHIPPED_RECORDS,
  writeRecords,
} from './agreement-records.ts';

export interface AgreementSlice {
  /** Holds the device's other precision against float32, on the image on the stage. */
  measure(): Promise<void>;
  cancel(): void;
  dismissProblem(): void;
  /** What is known of models from a source, as the engine takes it. */
  knownAgreement(source: ModelSource): readonly KnownAgreement[];
}

interface AgreementSliceOptions {
  readonly store: StoreApi<LensState>;
  readonly engine: Pick<Engine, 'measureAgreement'>;
  readonly storage: PreferenceStorage | null;
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

export function startAgreement(storage: PreferenceStorage | null): AgreementState {
  const kept = parseRecords(readPreferences(storage).agreement);
  return { records: [...SHIPPED_RECORDS, ...kept], measuring: null, measured: null, problem: null };
}

export function createAgreementSlice({ store, engine, storage }: AgreementSliceOptions): AgreementSlice {
  const get = store.getState;
  const set = (change: Partial<AgreementState>): void =>
    store.setState(({ agreement }) => ({ agreement: { ...agreement, ...change } }));
  let running: AbortController | null = null;

  async function measure(): Promise<void> {
    const {
      model: { info, inUse },
      image,
    } = get();
    if (running !== null || info === null || inUse === null || image === null) return;
    const mine = new AbortController();
    running = mine;
    const dtype = reducedDtype(info);
    const second = info.device.dtype === 'fp32' ? dtype : 'fp32';
    set({ measuring: { dtype, second, step: null }, problem: null });
    try {
      const agreement = await engine.measureAgreement(
        image.prepared.id,
        masksOf(info),
        (step) => {
          if (running === mine) set({ measuring: { dtype, second, step } });
        },
        mine.signal,
      );
      if (running !== mine) return;
      const { name: model, parameters, bytes } = info;
      const files = inUse.kind === 'files' ? inUse : null;
      keep({ model, parameters, bytes, on: 'stage', files, ...agreement });
    } catch (error) {
      if (running !== mine) return;
      const problem = problemOf(error, dtype, second);
      if (problem.code !== 'cancelled') set({ problem });
    } finally {
      if (running === mine) {
        running = null;
        set({ measuring: null });
      }
    }
  }

  function keep(record: AgreementRecord): void {
    const { records } = get().agreement;
    const before = records.find((other) => isSame(other, record));
    const measured = before === undefined ? record : mergeAgreement(before, record);
    const shipped = records.filter(({ on }) => on === 'samples');
    const here = records.filter((other) => other.on === 'stage' && other !== before);
    const next = [...shipped, ...[...here, measured].slice(-KEPT)];
    set({ records: next, measured: record });
    writePreference(storage, 'agreement', writeRecords(next));
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
    knownAgreement: (source) => knownAgreementFrom(recordsFrom(source, get().agreement.records)),
  };
}

function isSame(a: AgreementRecord, b: AgreementRecord): boolean {
  const keys = ['model', 'parameters', 'bytes', 'dtype', 'on', 'files'] as const;
  return keys.every((key) => a[key] === b[key]);
}

function masksOf({ config }: ModelInfo): readonly MaskInput[] {
  const length = patchCount(geometryOf(config).grid);
  return MEASURED.map(({ ratio, seed }) => randomMasking(torchRand(seed, length), ratio));
}

function problemOf(error: unknown, dtype: Dtype, second: Dtype): LensError {
  const failure = toLensError(error, 'engine-failed/measure-agreement', { dtype });
  const copy = { dtype: second };
  switch (failure.code) {
    case 'out-of-memory':
      return new LensError('out-of-memory/second-copy', copy, { cause: error });
    case 'worker-died':
      return new LensError('worker-died/second-copy', copy, { cause: error });
    default:
      return failure;
  }
}

/** What the device of a loaded model has beside float32. */
export function reducedDtype({ device }: ModelInfo): Dtype {
  return REDUCED_DTYPE[device.kind];
}

/** What is known of the model in use, in the precision that its device has beside float32. */
export function knownAgreement({ model: { info, inUse }, agreement }: LensState): readonly AgreementRecord[] {
  if (info === null || inUse === null) return [];
  const dtype = reducedDtype(info);
  return recordsOf(inUse, info, agreement.records).filter((record) => record.dtype === dtype);
}

/**
 * What the model in use would compute in if it were loaded again with this choice; null where only its device can
 * tell.
 */
export function dtypeFor(
  wanted: DtypeChoice,
  { model: { info, inUse }, agreement }: Pick<LensState, 'model' | 'agreement'>,
): Dtype | null {
  if (info === null || inUse === null) return null;
  const { kind, dtype } = info.device;
  const psnr = agreementOf(info, knownAgreementFrom(recordsFrom(inUse, agreement.records)));
  const request = { wanted, parameters: info.parameters, psnr };
  if (kind === 'wasm') return chooseDtype(request, { kind }).dtype;
  const chosen = chooseDtype(request, { kind, fp16: true }).dtype;
  // A graphics device that has run float16 will again; whether another can is found out by loading.
  const proven = dtype === 'fp16' || psnr.fp16 !== undefined;
  return chosen === 'fp16' && !proven ? null : chosen;
}

/** What a model that is in use would now better be loaded in, by the choice “automatic”; null when nothing. */
export function betterDtype(state: Pick<LensState, 'model' | 'agreement'>): Dtype | null {
  const { info, wantedDtype, phase } = state.model;
  if (info === null || wantedDtype !== 'auto' || phase.phase !== 'ready') return null;
  const better = dtypeFor('auto', state);
  return better === info.device.dtype ? null : better;
}

/** Why the model in use does not compute in what was asked for; null when it does. */
export function dtypeObstacle({ info, wantedDtype }: LensState['model']): DtypeReason | null {
  if (info === null || wantedDtype === 'auto') return null;
  const { kind, dtype, dtypeReason } = info.device;
  if (dtype === wantedDtype) return null;
  const obstacle = kindObstacle(wantedDtype, kind);
  return obstacle === null ? (dtypeReason ?? null) : insteadOf(obstacle, dtype);
}
