/** What the panels show, in words: captions, and summaries for those who cannot see them. */
import { shownInterpolation } from '../../store/result/interpolation.ts';
import type { Result } from '../../store/result/result-state.ts';
import { type LensState, resultStatus, shownResult } from '../../store/state.ts';
import { loss, maskLabel, settingsLabel } from '../words.ts';

export function originalSummary({ image }: LensState): string {
  if (image === null) return 'Original: no image yet.';
  const { width, height, imageSize } = image.prepared;
  return `Original: ${image.name}, ${width} by ${height} pixels, as the square of ${imageSize} pixels that the model sees.`;
}

export function originalCaption({ image }: LensState): string {
  if (image === null) return '';
  const { width, height, imageSize } = image.prepared;
  return `${image.name}. ${width} × ${height} pixels, squeezed into ${imageSize} × ${imageSize} for the model.`;
}

export function maskedSummary({ masking, image }: LensState): string {
  const { patches, seen } = masking;
  return `Masked: ${image === null ? 'no image yet' : image.name}. ${patches - seen} of ${patches} patches are hidden, ${seen} are visible.`;
}

export function maskedCaption({ masking }: LensState): string {
  if (masking.seen === 0) return 'Everything is hidden. The encoder sees its CLS token alone.';
  if (masking.seen === masking.patches) return 'Nothing is hidden: the encoder sees every patch.';
  return `What the encoder sees: ${masking.seen} patches, and nothing of the other ${masking.patches - masking.seen}.`;
}

export function reconstructionSummary(state: LensState): string {
  const result = shownResult(state);
  if (result === null) return 'Reconstruction: not painted yet.';
  return `Reconstruction: every patch as the model paints it, from ${madeFrom(result)}${lag(state)}`;
}

export function combinedSummary(state: LensState): string {
  const result = shownResult(state);
  if (result === null) return 'Reconstruction and visible: not painted yet.';
  const hidden = result.masking.patches - result.masking.seen;
  return `Reconstruction and visible: ${result.masking.seen} patches of the original, ${hidden} painted by the model, at ${settingsLabel(result.masking)}${lag(state)}`;
}

/** What the ends of the ratio's scale mean; null between them. */
export function endNote({ masking }: LensState): string | null {
  if (masking.seen === masking.patches) return 'Nothing is hidden, so there is nothing to paint.';
  if (masking.seen === 0) return 'The encoder sees its CLS token alone.';
  return null;
}

/** What made the painted pixels; never what is asked for but not painted yet. */
export function paintedCaption(state: LensState): string {
  const result = shownResult(state);
  if (result === null) return 'Not painted yet.';
  return `Painted from ${result.masking.seen} patches (${maskLabel(result.masking)}).`;
}

/** What the fifth panel shows; at the ends of the scale, why it shows that. */
export function interpolationCaption(state: LensState): string {
  const shown = shownInterpolation(state);
  if (shown?.masking.seen === 0) return 'Nothing to go by, so the mean grey. Nothing learned.';
  if (shown?.loss === null) return 'Nothing is hidden, so this is the original.';
  return 'The smoothest surface through the visible patches. Nothing learned.';
}

export function interpolationSummary(state: LensState): string {
  const shown = shownInterpolation(state);
  if (shown === null) return 'Interpolation: not computed yet.';
  const { masking, loss: value } = shown;
  const error = value === null ? 'no masked patch' : `loss ${loss(value)}`;
  return `Interpolation: the smoothest surface through ${masking.seen} of ${masking.patches} patches, at ${settingsLabel(masking)}, ${error}.`;
}

function madeFrom({ masking, loss: value }: Result): string {
  const error = value === null ? 'no masked patch' : `loss ${loss(value)}`;
  return `${masking.seen} of ${masking.patches} patches, at ${settingsLabel(masking)}, ${error}`;
}

function lag(state: LensState): string {
  const status = resultStatus(state);
  if (status === 'precomputed') return '. Computed ahead; the live model follows.';
  return status === null ? '.' : '. Newer settings are still being painted.';
}
