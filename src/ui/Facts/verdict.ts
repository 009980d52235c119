/** Two losses beside each other, in words. */
import { comparableInterpolation } from '../../store/result/interpolation.ts';
import { type LensState, shownResult } from '../../store/state.ts';
import { loss } from '../words.ts';

/** "0.175"; with the interpolation shown "model 0.175 · interpolation 0.185". */
export function lossWords(state: LensState): string {
  if (state.masking.seen === state.masking.patches) return 'no masked patch';
  const result = shownResult(state);
  const model = result === null ? '–' : result.loss === null ? 'no masked patch' : loss(result.loss);
  if (!state.view.interpolation) return model;
  const beside = comparableInterpolation(state)?.loss ?? null;
  return `model ${model} · interpolation ${beside === null ? '–' : loss(beside)}`;
}

/** Which of the two is better, as far as the digits that are shown tell; null while there are not two. */
export function verdict(state: LensState): string | null {
  if (state.masking.seen === state.masking.patches) return null;
  const beside = comparableInterpolation(state);
  const model = shownResult(state)?.loss ?? null;
  if (beside === null || beside.loss === null || model === null) return null;
  const space = beside.normPixLoss ? ' Both are of normalised patches, as this model was trained.' : '';
  if (loss(model) === loss(beside.loss)) return `Lower is better: here both are the same.${space}`;
  return `Lower is better: here the ${model < beside.loss ? 'model' : 'interpolation'} is.${space}`;
}
