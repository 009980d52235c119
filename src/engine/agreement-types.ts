/** How far a dtype is from float32, with the model in use. */
import type { Dtype } from '../graph/graph-options.ts';
import type { ModelPhase } from './model/model-types.ts';

/** The model's reconstructions held against those of the same model in float32. */
export interface Agreement {
  readonly dtype: Dtype;
  /** The lowest and the mean PSNR over the runs, in decibels, of the panels as they are shown; infinite for equal ones. */
  readonly lowestPsnr: number;
  readonly meanPsnr: number;
  /** Largest absolute difference of the loss; null when no run had one. */
  readonly lossDifference: number | null;
  readonly runs: number;
}

/** What a measurement does: it loads a second copy of the model, then compares run after run. */
export type AgreementStep =
  | Exclude<ModelPhase, { readonly phase: 'ready' | 'failed' }>
  | { readonly phase: 'comparing'; readonly run: number; readonly runs: number };
