/** What is known about how close a precision comes to float32, with which model, and how it is written down. */
import { z } from 'zod';
import type { LensError } from '../mae/errors.ts';
import type {
  Fidelity,
  FidelityStep,
  KnownCloseness,
  ModelInfo,
  ModelSource,
  Precision,
} from '../runtime/engine.ts';
import table from './fidelity.json';

export interface FidelityRecord extends Fidelity {
  /** The model's name, and the size of the weights that were measured. */
  readonly model: string;
  readonly parameters: number;
  readonly bytes: number;
  /** On which pictures: the samples, by `npm run precision`, or what was on the stage, in this browser. */
  readonly on: 'samples' | 'stage';
  /** Files of the visitor's own: their name says nothing about what is in them, so it holds for these alone. */
  readonly files: ModelSource | null;
}

/** What the page knows of precisions, and the measurement that it makes. */
export interface FidelityState {
  /** Of all models: the page's table, then what was measured in this browser, the newest last. */
  readonly records: readonly FidelityRecord[];
  readonly measuring: Measuring | null;
  /** What was measured last, while the model is the same. */
  readonly measured: FidelityRecord | null;
  /** Why the last measurement failed, until there is another one or the visitor has read it. */
  readonly problem: LensError | null;
}

export interface Measuring {
  /** What is held against float32. */
  readonly precision: Precision;
  /** What the second copy of the model is loaded in. */
  readonly second: Precision;
  /** Null before the first. */
  readonly step: FidelityStep | null;
}

/**
 * A measurement as JSON. PSNR is in decibels, and null where every pair of pictures was equal; `loss_difference` is
 * the largest absolute one, and null where no run had a loss.
 */
const measurement = z.object({
  model: z.string().min(1),
  parameters: z.int().positive(),
  bytes: z.int().positive(),
  precision: z.enum(['float16', 'int8']),
  lowest_psnr: z.number().nullable(),
  mean_psnr: z.number().nullable(),
  loss_difference: z.number().nonnegative().nullable(),
  runs: z.int().positive(),
});
type Measurement = z.infer<typeof measurement>;

const tableRow = measurement.extend({
  /** How it was measured: every sample, under the masks of these seeds (PyTorch's) at each of these ratios. */
  samples: z.array(z.string()).min(1),
  mask_ratios: z.array(z.number().min(0).max(1)).min(1),
  seeds: z.array(z.int()).min(1),
  /** What it ran on, for people. */
  device: z.string().min(1),
});
export type FidelityTableRow = z.infer<typeof tableRow>;

/** `fidelity.json`, which `npm run precision -- --write` keeps: at most one row for each model and precision. */
export const fidelityTable = z.object({
  format: z.literal('mae-lens-fidelity/1'),
  rows: z.array(tableRow),
});
export type FidelityTable = z.infer<typeof fidelityTable>;

/** The table that comes with the page. */
export const SHIPPED_RECORDS: readonly FidelityRecord[] = fidelityTable
  .parse(table)
  .rows.map((row) => recordOf(row, 'samples'));

/** Reads what a browser has kept; what it does not understand it leaves out. */
export function parseRecords(text: string): readonly FidelityRecord[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((entry) => {
    const { data } = measurement.safeParse(entry);
    return data === undefined ? [] : [recordOf(data, 'stage')];
  });
}

/** What a browser keeps: what was measured in it, without the visitor's own files. */
export function writeRecords(records: readonly FidelityRecord[]): string {
  return JSON.stringify(
    records.filter(({ on, files }) => on === 'stage' && files === null).map(measurementOf),
  );
}

export function measurementOf(record: Omit<FidelityRecord, 'on' | 'files'>): Measurement {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const { model, parameters, bytes, lowestPsnr, meanPsnr, lossDifference, runs } = record;
  return {
    model,
    parameters,
    bytes,
    precision: record.precision === 'float16' ? 'float16' : 'int8',
    lowest_psnr: finite(lowestPsnr),
    mean_psnr: finite(meanPsnr),
    loss_difference: lossDifference,
    runs,
  };
}

function recordOf(row: Measurement, on: FidelityRecord['on']): FidelityRecord {
  const { model, parameters, bytes, precision, runs } = row;
  return {
    model,
    parameters,
    bytes,
    precision,
    lowestPsnr: row.lowest_psnr ?? Number.POSITIVE_INFINITY,
    meanPsnr: row.mean_psnr ?? Number.POSITIVE_INFINITY,
    lossDifference: row.loss_difference,
    runs,
    on,
    files: null,
  };
}

/** Two measurements of the same thing as one. */
export function joinFidelity<T extends Fidelity>(a: T, b: Fidelity): T {
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
  records: readonly FidelityRecord[],
): readonly FidelityRecord[] {
  return records.filter(({ model, files }) =>
    source.kind === 'files' ? files === source : files === null && model === source.name,
  );
}

/** Those of a loaded model. */
export function recordsOf(
  source: ModelSource,
  { parameters, bytes }: Pick<ModelInfo, 'parameters' | 'bytes'>,
  records: readonly FidelityRecord[],
): readonly FidelityRecord[] {
  return recordsFrom(source, records).filter(
    (record) => record.parameters === parameters && record.bytes === bytes,
  );
}

/** As the engine takes it: for each size of weights and each precision the lowest that was found. */
export function closenessFrom(records: readonly FidelityRecord[]): readonly KnownCloseness[] {
  const known = new Map<string, KnownCloseness>();
  for (const { parameters, bytes, precision, lowestPsnr } of records) {
    const key = `${parameters} ${bytes}`;
    const { closeness } = known.get(key) ?? { closeness: {} as KnownCloseness['closeness'] };
    const lowest = Math.min(closeness[precision] ?? Number.POSITIVE_INFINITY, lowestPsnr);
    known.set(key, { parameters, bytes, closeness: { ...closeness, [precision]: lowest } });
  }
  return [...known.values()];
}
