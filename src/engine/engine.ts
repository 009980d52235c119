/**
 * The one interface between the page and the model. `LensEngine` implements it once, over a
 * `Executor` that does the heavy work in the calling thread (tests, Node) or in workers (the page).
 */

import type { LensError } from '../base/errors.ts';
import type { ModelAddress } from '../checkpoint/sources/address.ts';
import type { PreprocessorConfig } from '../image/processor.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import type { Geometry } from '../mae/geometry.ts';
import type { PixelNormalization } from '../mae/panels.ts';
import type {
  DeviceChoice,
  DeviceReport,
  Dtype,
  DtypeChoice,
  KnownAgreement,
} from '../runtime/device/choice.ts';
import type { CallsOn } from './model/calls.ts';
import type { MaskInput } from './model/predictions.ts';

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

/** An image as the model sees it. */
export interface PreparedImage {
  readonly id: string;
  /** Size of the upright image as it came, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Side S of the model's input, in pixels. */
  readonly imageSize: number;
  /** The original panel, [S, S, 3], as the reference figure shows it. */
  readonly original: Uint8ClampedArray;
  /** What normalised pixels of it are displayed with. */
  readonly normalization: PixelNormalization;
}

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

/** What can be painted from the visible patches without a model: harmonic inpainting. */
export interface Interpolation {
  /** The visible patches as they are, the masked ones filled in, [S, S, 3]. */
  readonly panel: Uint8ClampedArray;
  /** In the space of the model's own loss; null when no patch is masked. */
  readonly loss: number | null;
  /** Mean squared error of each patch in that space, [L]. */
  readonly patchErrors: Float32Array;
  readonly ms: number;
}

/** What interpolation goes by of a model. */
export type InterpolationGeometry = Geometry & Pick<ViTMAEConfig, 'norm_pix_loss'>;

export interface Engine {
  /**
   * Loads a model and makes it ready. The last good model stays in use until the new one is ready; a failure
   * rejects with a LensError and leaves it in place. A later call, or the signal, cancels an earlier one
   * (code `cancelled`).
   */
  load(source: ModelSource, options: LoadOptions, onPhase: (phase: ModelPhase) => void): Promise<ModelInfo>;

  /**
   * Decodes an image and prepares it for an input of S x S pixels. Needs no model. The images prepared last
   * are kept, so that calls to the model need only their id.
   */
  prepare(image: Blob, imageSize: number): Promise<PreparedImage>;

  /**
   * Calls to the model in use, on an image by its id; see model/calls.ts. They run one after another, in their order;
   * who follows a slider asks for the newest settings when the last answer is there, as
   * `store/result/reconstruction.ts` does. Small batches leave room for others.
   */
  readonly model: CallsOn<string>;

  /**
   * Loads the model in use once more, runs both under each of these masks, and lets the second go again. The second
   * is in float32; where that runs already, it is in the precision that the device has beside it: int8 on
   * WebAssembly, float16 on WebGPU. Takes as much memory as the second needs; the model in use answers meanwhile.
   * Rejects with a LensError, `device-unavailable` where the device has no other dtype.
   */
  measureAgreement(
    imageId: string,
    masks: readonly MaskInput[],
    onStep: (step: AgreementStep) => void,
    signal?: AbortSignal,
  ): Promise<Agreement>;

  /** Fills the masked patches without any learning. Needs no model, and does not wait for one. */
  interpolate(imageId: string, mask: Uint8Array, geometry: InterpolationGeometry): Promise<Interpolation>;

  /** Ends it and frees what it holds; every later call rejects. */
  dispose(): Promise<void>;
}
