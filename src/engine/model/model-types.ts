/** Where a model comes from, what it is doing meanwhile, and what it turned out to be. */
import type { LensError } from '../../base/errors.ts';
import type { ModelAddress } from '../../checkpoint/sources/address.ts';
import type { PreprocessorConfig } from '../../image/processor.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import type { DeviceChoice, DeviceReport, DtypeChoice, KnownAgreement } from '../../runtime/device/choice.ts';

export interface LoadOptions {
  readonly device: DeviceChoice;
  /** `auto` where absent. */
  readonly dtype?: DtypeChoice;
  /** How close other precisions came to float32 with models of this name; what fits the weights counts. */
  readonly knownAgreement?: readonly KnownAgreement[];
  readonly signal?: AbortSignal;
}

/** Where a checkpoint comes from. URLs are absolute: a worker resolves relative ones against itself. */
export type ModelSource =
  | { readonly kind: 'url'; readonly name: string; readonly baseUrl: string }
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly File[] }
  /** Through the browser's storage: downloaded once, resumed after a break. */
  | { readonly kind: 'hub'; readonly name: string; readonly address: ModelAddress };

/** What a model is doing. Bytes are those of the whole checkpoint where its size is known, else of one file. */
export type ModelPhase =
  | {
      readonly phase: 'loading';
      readonly file: string;
      readonly loadedBytes: number;
      readonly totalBytes: number | null;
      /** Null until it can be told; absent for a download that does not measure. */
      readonly bytesPerSecond?: number | null;
      readonly secondsLeft?: number | null;
      /** What the download had to do, such as trying again; null when there is nothing to say. */
      readonly note?: string | null;
    }
  /** `graphics`: on a graphics device, whose driver may take long. */
  | { readonly phase: 'compiling'; readonly graphics?: true }
  | { readonly phase: 'warming-up'; readonly step: number; readonly steps: number; readonly graphics?: true }
  /** The model is in use from here on. Comes again when the engine had to load it anew. */
  | { readonly phase: 'ready'; readonly info: ModelInfo }
  | { readonly phase: 'failed'; readonly error: LensError };

export interface ModelInfo {
  readonly name: string;
  readonly config: ViTMAEConfig;
  readonly preprocessor: PreprocessorConfig;
  /** Number of parameters, position embeddings included. */
  readonly parameters: number;
  /** Size of the weights as stored, in bytes. */
  readonly bytes: number;
  readonly device: DeviceReport;
  /** For people: what was assumed about a checkpoint that came without its config.json. */
  readonly assumptions?: string;
}
