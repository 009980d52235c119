/** Two losses beside each other, in words. */
import type { Words } from '../../locales/words.ts';
import { comparableInterpolation } from '../../store/result/interpolation.ts';
import { type LensState, shownResult } from '../../store/state.ts';

/** "0.175"; with the interpolation shown "model 0.175 · interpolation 0.185". */
export function lossText(state: LensState, { facts: { loss } }: Words): string {
  if (state.masking.kept === state.masking.patches) return loss.nothingMasked;
  const result = shownResult(state);
  const model = result?.loss ?? null;
  const ofNothing = result !== null && model === null;
  if (!state.view.interpolation) return ofNothing ? loss.nothingMasked : loss.of({ model });
  const interpolation = comparableInterpolation(state)?.loss ?? null;
  return ofNothing ? loss.noneAndInterpolation({ interpolation }) : loss.both({ model, interpolation });
}

/** Which of the two is better, as far as the digits that are shown tell; null while there are not two. */
export function verdict(state: LensState, { facts, quantities }: Words): string | null {
  if (state.masking.kept === state.masking.patches) return null;
  const beside = comparableInterpolation(state);
  const model = shownResult(state)?.loss ?? null;
  if (beside === null || beside.loss === null || model === null) return null;
  const same = quantities.loss(model) === quantities.loss(beside.loss);
  return facts.loss.verdict({
    better: same ? 'neither' : model < beside.loss ? 'model' : 'interpolation',
    normalised: beside.normPixLoss,
  });
}
