/** What the page knows: the parts of all slices joined, and what follows from several of them. */
import type { ImageState } from './image/image-state.ts';
import type { Hideable } from './link/link.ts';
import type { LinkState } from './link/link-state.ts';
import type { MaskState } from './mask/mask-state.ts';
import { sameMask } from './mask/masking.ts';
import type { ModelState } from './model/model-state.ts';
import type { NoticeState } from './notices/notice-state.ts';
import type { Result, ResultState } from './result/result-state.ts';
import type { ViewState } from './view/view-state.ts';

export interface LensState
  extends MaskState,
    ImageState,
    ModelState,
    ResultState,
    LinkState,
    ViewState,
    NoticeState {}

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
