/** What the page knows, and what follows from it. */
import type { LensError } from '../mae/errors.ts';
import type { DeviceChoice, ModelInfo, ModelPhase, ModelSource, PreparedPicture } from '../runtime/engine.ts';
import { type Masking, sameMask } from './masking.ts';
import type { Sample } from './samples.ts';
import type { Generator, Settings } from './settings.ts';

export interface Picture {
  /** Changes with every picture, and stays when the same one is prepared again for another model. */
  readonly key: number;
  readonly name: string;
  /** Kept, so that the picture can be prepared again for another model. */
  readonly blob: Blob;
  readonly prepared: PreparedPicture;
  /** The model for which it was prepared; null while none was loaded. */
  readonly preparedWith: ModelInfo | null;
}

/** Where on the page something was done, and so where its outcome is told. */
export type Place = 'stage' | 'samples';

export interface Notice {
  /** Changes with every notice, so that the same words twice are told twice. */
  readonly key: number;
  readonly kind: 'error' | 'note';
  readonly text: string;
  readonly place: Place;
}

/** What the seed field and the generator say when no mask can be made of them. */
export interface Draft {
  readonly seed: string;
  readonly generator: Generator;
  readonly problem: string;
}

/** A reconstruction with everything that made it. */
export interface Result {
  readonly pictureKey: number;
  readonly masking: Masking;
  /** [S, S, 3] */
  readonly reconstruction: Uint8ClampedArray;
  readonly loss: number | null;
  /** Null for one that was computed ahead. */
  readonly timing: { readonly encoderMs: number; readonly decoderMs: number } | null;
  readonly modelName: string;
  /** Null for one that was computed ahead. */
  readonly model: ModelInfo | null;
}

export type Theme = 'system' | 'light' | 'dark';

export interface LensState {
  /** What was chosen; always such that a mask can be made of it. */
  readonly settings: Settings;
  /** What was chosen but cannot be used; the settings keep what was last good. */
  readonly draft: Draft | null;
  /** Of `settings`, never behind them. */
  readonly masking: Masking;
  readonly samples: readonly Sample[];
  readonly picture: Picture | null;
  /** The name of a picture that is being opened. */
  readonly opening: string | null;
  readonly notice: Notice | null;
  readonly model: {
    readonly source: ModelSource;
    readonly wantedDevice: DeviceChoice;
    readonly phase: ModelPhase | { readonly phase: 'idle' };
    /** The model in use: the last good one, whatever `phase` says about the next. */
    readonly info: ModelInfo | null;
  };
  readonly result: Result | null;
  /** Why the newest settings have no result. */
  readonly resultError: LensError | null;
  readonly view: {
    readonly patchGrid: boolean;
    readonly theme: Theme;
    readonly help: boolean;
    /** Single-key shortcuts can be turned off: they get in the way of speech input and shaky hands. */
    readonly shortcuts: boolean;
  };
}

/** The result, when it belongs to the picture on the stage. */
export function shownResult(state: LensState): Result | null {
  const { result, picture } = state;
  return result !== null && picture !== null && result.pictureKey === picture.key ? result : null;
}

/** Whether the shown result is that of the picture, the mask and the model as they are now. */
export function isCurrent(state: LensState): boolean {
  const result = shownResult(state);
  return (
    result !== null &&
    sameMask(result.masking.mask, state.masking.mask) &&
    (result.model === null ? state.model.info === null : result.model === state.model.info)
  );
}

/** What the visitor is told about the painted panels; null while they show what the settings say. */
export type ResultStatus = 'precomputed' | 'catching-up' | 'waiting-for-model' | 'failed' | 'empty' | null;

export function resultStatus(state: LensState): ResultStatus {
  if (state.picture === null) return 'empty';
  if (state.resultError !== null) return 'failed';
  if (isCurrent(state)) return state.result?.model === null ? 'precomputed' : null;
  return state.model.info === null ? 'waiting-for-model' : 'catching-up';
}
