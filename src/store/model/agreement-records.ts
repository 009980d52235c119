/** What is known about how close a precision comes to float32, with which model, and how it is written down. */
import type { LensError } from '../../base/errors.ts';
import type { Agreement, AgreementStep, ModelInfo, ModelSource } from '../../engine/engine.ts';
import type { Dtype, KnownAgreement } from '../../runtime/device/choice.ts';
import table from './agreement.json';

export interface AgreementRecord extends Agreement {
  /** The model's name, and the size of the weights that were measured. */
  readonly model: string;
  readonly parameters: number;
  readonly bytes: number;
  /** On which images: the samples, by `npm run precision`, or what was on the stage, in this browser. */
  readonly on: 'samples' | 'stage';
  /** Files of the visitor's own: their name says nothing about what is in them, so it holds for these alone. */
  readonly files: ModelSource | null;
}

/** What the page knows of dtypes, and the measurement that it makes. */
export interface AgreementState {
  /** Of all models: the page's table, then what was measured in this browser, the newest last. */
  readonly records: readonly AgreementRecord[];
  readonly measuring: Measuring | null;
  /** What was measured last, while the model is the same. */
  readonly measured: AgreementRecord | null;
  /** Why the last measurement failed, until there is another one or the visitor has read it. */
  readonly problem: LensError | null;
}

export interface Measuring {
  /** What is held against float32. */
  readonly dtype: Dtype;
  /** What the second copy of the model is loaded in. */
  readonly second: Dtype;
  /** Null before the first. */
  readonly step: AgreementStep | null;
}

/**
 * A measurement as JSON. PSNR is in decibels, and null where every pair of images was equal; `loss_difference` is
 * the largest absolute one, and null where no run had a loss.
 */
export interface Measurement {
  readonly model: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly dtype: 'fp16' | 'q8';
  readonly lowest_psnr: number | null;
  readonly mean_psnr: number | null;
  readonly loss_difference: number | null;
  readonly runs: number;
}

/** The table that comes with the page; agreement-table.ts says what is in it, and a test that it is. */
export const SHIPPED_RECORDS: readonly AgreementRecord[] = measurementsIn(table.rows).map((row) =>
  recordOf(row, 'samples'),
);

/** Reads what a browser has kept; what it does not understand it leaves out. */
export function parseRecords(text: string): readonly AgreementRecord[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return [];
  }
  return measurementsIn(kept).map((row) => recordOf(row, 'stage'));
}

/** By hand: this runs before the first image, for which a library of schemas would be too much to load. */
function measurementsIn(list: unknown): readonly Measurement[] {
  return Array.isArray(list) ? list.filter(isMeasurement) : [];
}

function isMeasurement(value: unknown): value is Measurement {
  if (typeof value !== 'object' || value === null) return false;
  const row: { readonly [key in keyof Measurement]?: unknown } = value;
  const isCount = (count: unknown) => Number.isSafeInteger(count) && Number(count) > 0;
  const isNumber = (number: unknown) => number === null || Number.isFinite(number);
  return (
    typeof row.model === 'string' &&
    row.model !== '' &&
    isCount(row.parameters) &&
    isCount(row.bytes) &&
    isCount(row.runs) &&
    (row.dtype === 'fp16' || row.dtype === 'q8') &&
    isNumber(row.lowest_psnr) &&
    isNumber(row.mean_psnr) &&
    isNumber(row.loss_difference) &&
    Number(row.loss_difference) >= 0
  );
}

/** What a browser keeps: what was measured in it, without the visitor's own files. */
export function writeRecords(records: readonly AgreementRecord[]): string {
  return JSON.stringify(
    records.filter(({ on, files }) => on === 'stage' && files === null).map(measurementOf),
  );
}

export function measurementOf(record: Omit<AgreementRecord, 'on' | 'files'>): Measurement {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const { model, parameters, bytes, lowestPsnr, meanPsnr, lossDifference, runs } = record;
  return {
    model,
    parameters,
    bytes,
    dtype: record.dtype === 'fp16' ? 'fp16' : 'q8',
    lowest_psnr: finite(lowestPsnr),
    mean_psnr: finite(meanPsnr),
    loss_difference: lossDifference,
    runs,
  };
}

function recordOf(row: Measurement, on: AgreementRecord['on']): AgreementRecord {
  const { model, parameters, bytes, dtype, runs } = row;
  return {
    model,
    parameters,
    bytes,
    dtype,
    lowestPsnr: row.lowest_psnr ?? Number.POSITIVE_INFINITY,
    meanPsnr: row.mean_psnr ?? Number.POSITIVE_INFINITY,
    lossDifference: row.loss_difference,
    runs,
    on,
    files: null,
  };
}

/** Two measurements of the same thing as one. */
export function mergeAgreement<T extends Agreement>(a: T, b: Agreement): T {
  const runs = a.runs + b.runs;
  return {
    ...a,
    lowestPsnr: Math.min(a.lowestPsnr, b.lowestPsnr),
    meanPsnr: (a.meanPsnr * a.runs + b.meanPsnr * b.runs) / runs,
    lossDifference:
      a.lossDifference === null || b.lossDifference === null
        ? (a.lossDifference ?? b.lossDifference)
        : Math.max(a.lossDifference, b.lossDifference),
    runs,
  };
}

/** Those of models from this source, whatever their weights. */
export function recordsFrom(
  source: ModelSource,
  records: readonly AgreementRecord[],
): readonly AgreementRecord[] {
  return records.filter(({ model, files }) =>
    source.kind === 'files' ? files === source : files === null && model === source.name,
  );
}

/** Those of a loaded model. */
export function recordsOf(
  source: ModelSource,
  { parameters, bytes }: Pick<ModelInfo, 'parameters' | 'bytes'>,
  records: readonly AgreementRecord[],
): readonly AgreementRecord[] {
  return recordsFrom(source, records).filter(
    (record) => record.parameters === parameters && record.bytes === bytes,
  );
}

/** As the engine takes it: for each size of weights and each precision the lowest that was found. */
export function knownAgreementFrom(records: readonly AgreementRecord[]): readonly KnownAgreement[] {
  const known = new Map<string, KnownAgreement>();
  for (const { parameters, bytes, dtype, lowestPsnr } of records) {
    const key = `${parameters} ${bytes}`;
    const { psnr } = known.get(key) ?? { psnr: {} as KnownAgreement['psnr'] };
    const lowest = Math.min(psnr[dtype] ?? Number.POSITIVE_INFINITY, lowestPsnr);
    known.set(key, { parameters, bytes, psnr: { ...psnr, [dtype]: lowest } });
  }
  return [...known.values()];
}
