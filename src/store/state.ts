/** What the page knows, and what follows from it. */
import type { LensError } from '../base/errors.ts';
import type { Interpolation, ModelInfo, ModelPhase, ModelSource, PreparedImage } from '../engine/engine.ts';
import type { DeviceChoice, DtypeChoice } from '../runtime/device/choice.ts';
import type { Sample } from './image/samples.ts';
import type { Viewport } from './image/viewport.ts';
import type { Frame, Hideable } from './link/link.ts';
import { type Masking, sameMask } from './mask/masking.ts';
import type { Generator, MaskSettings, Settings } from './mask/settings.ts';
import type { History } from './mask/undo.ts';
import type { AgreementState } from './model/agreement-records.ts';

export interface Image {
  /** Changes with every image, and stays when the same one is prepared again for another model. */
  readonly key: number;
  readonly name: string;
  /** Kept, so that the image can be prepared again for another model. */
  readonly blob: Blob;
  readonly prepared: PreparedImage;
  /** The model for which it was prepared; null while none was loaded. */
  readonly preparedWith: ModelInfo | null;
}

/** Where on the page something was done, and so where its outcome is told. */
export type Place = 'stage' | 'samples' | 'tools';

export interface Notice {
  /** Changes with every notice, so that the same words twice are told twice. */
  readonly key: number;
  readonly kind: 'error' | 'note';
  readonly text: string;
  readonly place: Place;
  /** The name of a model that it offers to look up. */
  readonly model?: string;
}

/** What the seed field and the generator say when no mask can be made of them. */
export interface Draft {
  readonly seed: string;
  readonly generator: Generator;
  readonly problem: string;
}

/** A reconstruction with everything that made it. */
export interface Result {
  readonly imageKey: number;
  readonly masking: Masking;
  /** [S, S, 3] */
  readonly reconstruction: Uint8ClampedArray;
  readonly loss: number | null;
  /** [L], visible patches included, in the loss's space; null for one that was computed ahead. */
  readonly patchErrors: Float32Array | null;
  /** Null for one that was computed ahead. */
  readonly timing: { readonly encoderMs: number; readonly decoderMs: number } | null;
  readonly modelName: string;
  /** Null for one that was computed ahead. */
  readonly model: ModelInfo | null;
}

/** Everything that interpolation goes by. */
export interface InterpolationJob {
  readonly imageKey: number;
  readonly prepared: PreparedImage;
  readonly masking: Masking;
  /** Whether the loss is in the space of normalised patches, as that of the model in use. */
  readonly normPixLoss: boolean;
}

/** An interpolation with everything that made it. */
export interface InterpolationResult extends InterpolationJob, Interpolation {}

/** Why a model could not be loaded. */
export interface ModelFailure {
  readonly source: ModelSource;
  readonly error: LensError;
}

export type Theme = 'system' | 'light' | 'dark';

/** What a touch of the brush covers: single cells, a rectangle, or all cells that hang together. */
export type BrushTool = 'cells' | 'rectangle' | 'fill';

/** What lies over the page. */
export type DialogName = 'python' | 'compare';

export interface LensState {
  /** What was chosen; always such that a mask can be made of it. */
  readonly settings: Settings;
  /** What was chosen but cannot be used; the settings keep what was last good. */
  readonly draft: Draft | null;
  /** The steps behind and ahead of the settings, which are its present. */
  readonly history: History<MaskSettings>;
  /** Of `settings`, never behind them. */
  readonly masking: Masking;
  readonly samples: readonly Sample[];
  readonly image: Image | null;
  /** The name of an image that is being opened. */
  readonly opening: string | null;
  readonly notice: Notice | null;
  readonly model: {
    /** Of the model that is being loaded, else of the one in use. */
    readonly source: ModelSource;
    readonly wantedDevice: DeviceChoice;
    readonly wantedDtype: DtypeChoice;
    readonly phase: ModelPhase | { readonly phase: 'idle' };
    /** The model in use: the last good one, whatever `phase` says about the next. */
    readonly info: ModelInfo | null;
    /** Where that one came from. */
    readonly inUse: ModelSource | null;
    /** Why the last attempt failed, until there is another one or the visitor has read it. */
    readonly failure: ModelFailure | null;
  };
  readonly agreement: AgreementState;
  readonly result: Result | null;
  /** Why the newest settings have no result. */
  readonly resultError: LensError | null;
  /** The last one, for as long as there is no newer one. */
  readonly interpolation: InterpolationResult | null;
  /** Why there is none for this image and mask. */
  readonly interpolationFailure: { readonly job: InterpolationJob; readonly error: LensError } | null;
  /** The patch under the pointer or in focus. */
  readonly patch: number | null;
  /** The part of the image that all panels show. */
  readonly viewport: Viewport;
  /** What a link hides of the page. */
  readonly frame: Frame;
  /** A model that a link names but that is not loaded, and the source that was in use then. */
  readonly linkedModel: { readonly name: string; readonly insteadOf: ModelSource } | null;
  readonly view: {
    readonly patchGrid: boolean;
    /** Whether the patches have their numbers in the shuffled order. */
    readonly order: boolean;
    /** Whether the last panel shows the error of each patch. */
    readonly errors: boolean;
    /** Whether a fifth panel shows what can be painted without a model. */
    readonly interpolation: boolean;
    readonly tool: BrushTool;
    readonly dialog: DialogName | null;
    readonly theme: Theme;
    readonly help: boolean;
    /** Single-key shortcuts can be turned off: they get in the way of speech input and shaky hands. */
    readonly shortcuts: boolean;
  };
}

/** Whether a part of the page is shown. In another page's frame the header and the samples are not. */
export function isShown({ frame }: LensState, part: Hideable): boolean {
  return !frame.hide.includes(part) && !(frame.embed && (part === 'header' || part === 'samples'));
}

/** The result, when it belongs to the image on the stage. */
export function shownResult(state: LensState): Result | null {
  const { result, image } = state;
  return result !== null && image !== null && result.imageKey === image.key ? result : null;
}

/** Whether the shown result is that of the image, the mask and the model as they are now. */
export function isCurrent(state: LensState): boolean {
  const result = shownResult(state);
  return (
    result !== null &&
    sameMask(result.masking.mask, state.masking.mask) &&
    (result.model === null ? state.model.info === null : result.model === state.model.info)
  );
}

/** What the model in use took for the shown result, in milliseconds; null while it has painted none. */
export function forwardMs(state: LensState): number | null {
  const { timing, model } = shownResult(state) ?? { timing: null, model: null };
  return timing === null || model !== state.model.info ? null : timing.encoderMs + timing.decoderMs;
}

/** What the visitor is told about the painted panels; null while they show what the settings say. */
export type ResultStatus = 'precomputed' | 'catching-up' | 'waiting-for-model' | 'failed' | 'empty' | null;

export function resultStatus(state: LensState): ResultStatus {
  if (state.image === null) return 'empty';
  if (state.resultError !== null) return 'failed';
  if (isCurrent(state)) return state.result?.model === null ? 'precomputed' : null;
  return state.model.info === null ? 'waiting-for-model' : 'catching-up';
}
