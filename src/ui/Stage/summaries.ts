/** What the panels show, in words: captions, and summaries for those who cannot see them. */
import type { Words } from '../../locales/words.ts';
import { shownInterpolation } from '../../store/result/interpolation.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { maskFacts } from '../mask-facts.ts';

/** What a panel says of itself. */
export type Say = (state: LensState, words: Words) => string;

export const originalSummary: Say = ({ image }, { stage }) =>
  image === null ? stage.summaries.noImage : stage.summaries.original(sizesOf(image));

export const originalCaption: Say = ({ image }, { stage }) =>
  image === null ? '' : stage.captions.original(sizesOf(image));

export const maskedSummary: Say = ({ masking, image }, { stage }) =>
  stage.summaries.masked({ name: image?.name ?? null, ...countsOf(masking) });

export const maskedCaption: Say = ({ masking }, { stage }) => stage.captions.masked(countsOf(masking));

export const reconstructionSummary: Say = (state, { stage: { summaries } }) => {
  const result = shownResult(state);
  if (result === null) return summaries.notReconstructed;
  const { masking, loss } = result;
  return summaries.reconstruction({
    ...countsOf(masking),
    mask: maskFacts(masking),
    loss,
    age: ageOf(state),
  });
};

export const combinedSummary: Say = (state, { stage: { summaries } }) => {
  const masking = shownResult(state)?.masking;
  return masking === undefined
    ? summaries.notCombined
    : summaries.combined({ ...countsOf(masking), mask: maskFacts(masking), age: ageOf(state) });
};

/** What made the painted pixels; never what is asked for but not painted yet. */
export const paintedCaption: Say = (state, { stage: { captions } }) => {
  const masking = shownResult(state)?.masking;
  return masking === undefined
    ? captions.notPainted
    : captions.reconstruction({ kept: masking.kept, mask: maskFacts(masking) });
};

/** What the fifth panel shows; at the ends of the scale, why it shows that. */
export const interpolationCaption: Say = (state, { stage: { captions } }) => {
  const shown = shownInterpolation(state);
  if (shown?.masking.kept === 0) return captions.interpolationOfNothing;
  return shown?.loss === null ? captions.interpolationOfAll : captions.interpolation;
};

export const interpolationSummary: Say = (state, { stage: { summaries } }) => {
  const shown = shownInterpolation(state);
  if (shown === null) return summaries.notInterpolated;
  const { masking, loss } = shown;
  return summaries.interpolation({ ...countsOf(masking), mask: maskFacts(masking), loss });
};

function sizesOf({ name, prepared: { width, height, imageSize } }: NonNullable<LensState['image']>) {
  return { name, width, height, side: imageSize };
}

function countsOf({ kept, patches }: LensState['masking']) {
  return { kept, patches };
}

function ageOf(state: LensState): 'current' | 'precomputed' | 'outdated' {
  const status = resultStatus(state);
  if (status === 'precomputed') return 'precomputed';
  return status === null ? 'current' : 'outdated';
}
