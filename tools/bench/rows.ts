import type { Summary } from './statistics.ts';

/** What is measured where nothing is chosen. */
export const USUAL_ROWS = ['forward', 'load', 'sweep', 'cold-start', 'tasks', 'slider'] as const;
/** `documentation` is the table of transformers' ViTMAE documentation: eager against sdpa. */
export const ROW_KINDS = [...USUAL_ROWS, 'documentation'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** One thing measured. */
export interface Row {
  readonly kind: RowKind;
  readonly model: string;
  /** What ran it: one of `OUR_RUNTIMES`, a peer, or a host of the built page. */
  readonly runtime: string;
  /** The same for people. */
  readonly label: string;
  /** The part of the patches that is masked; null where it does not matter, or changes. */
  readonly masked: number | null;
  readonly what: string;
  readonly unit: 'ms' | 'kB';
  readonly summary: Summary;
}

/** A row and how its median compares with those of its peers in the same run. */
export interface ComparedRow extends Row {
  readonly ratios: readonly { readonly to: string; readonly ratio: number }[];
}

/** Where rows, and what is to be said beside them, go as they come. */
export interface Report {
  add(row: Row): void;
  /** Why something is missing. */
  note(text: string): void;
  /** The same, where it should not be. */
  failed(what: string, error: unknown): void;
}

export const PASS_PARTS = ['encoder', 'decoder', 'whole'] as const;
