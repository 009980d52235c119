/** Keeps the interpolation up with image and mask while it is shown, as `reconstruction.ts` keeps the reconstruction up. */
import type { StoreApi } from 'zustand/vanilla';
import { toLensError } from '../../base/errors.ts';
import type { Engine, Interpolation } from '../../engine/engine.ts';
import { sameGrid, sameImage } from '../../mae/geometry.ts';
import { sameMask } from '../mask/masking.ts';
import { type LensState, shownResult } from '../state.ts';
import { createJobRunner } from './job-runner.ts';
import type { InterpolationJob, InterpolationResult } from './result-state.ts';

/** Asks the engine whenever the state calls for an interpolation that it does not have. */
export function followInterpolation(
  { getState, setState, subscribe }: StoreApi<LensState>,
  engine: Pick<Engine, 'interpolate'>,
): void {
  const runner = createJobRunner<InterpolationJob, Interpolation>(
    ({ prepared, masking, normPixLoss }) =>
      engine.interpolate(prepared.id, masking.mask, { ...masking.geometry, norm_pix_loss: normPixLoss }),
    (job, answer) => {
      const state = getState();
      if (job.prepared !== state.image?.prepared) return follow();
      // A late answer may fill a gap or show progress, but never replaces the right one.
      if (isInterpolationCurrent(state) && job.masking !== state.masking) return;
      setState({ interpolation: { ...job, ...answer }, interpolationFailure: null });
    },
    (job, error) => {
      const failure = toLensError(error, 'engine-failed/interpolate');
      if (failure.code === 'cancelled') return;
      const wanted = wantedInterpolation(getState());
      if (wanted === null || !sameJob(job, wanted)) return follow();
      setState({ interpolationFailure: { job, error: failure } });
    },
  );

  function follow(): void {
    const state = getState();
    const wanted = wantedInterpolation(state);
    const failed = state.interpolationFailure?.job;
    if (
      wanted === null ||
      isInterpolationCurrent(state) ||
      (failed !== undefined && sameJob(failed, wanted))
    ) {
      runner.forget();
    } else {
      runner.request(wanted);
    }
  }

  subscribe(follow);
}

/** The interpolation on the stage; null while it is not shown, or belongs to another image. */
export function shownInterpolation({ view, interpolation, image }: LensState): InterpolationResult | null {
  return view.interpolation && interpolation !== null && interpolation.imageKey === image?.key
    ? interpolation
    : null;
}

/** Whether the shown interpolation is that of image, mask and model as they are now. */
export function isInterpolationCurrent(state: LensState): boolean {
  const wanted = wantedInterpolation(state);
  return wanted !== null && state.interpolation !== null && sameJob(state.interpolation, wanted);
}

/** The shown interpolation, where it is of the very mask, and its loss in the very space, of the shown result. */
export function comparableInterpolation(state: LensState): InterpolationResult | null {
  const interpolation = shownInterpolation(state);
  const result = shownResult(state);
  return interpolation !== null &&
    result !== null &&
    sameMask(interpolation.masking.mask, result.masking.mask) &&
    interpolation.normPixLoss === (result.model?.config.norm_pix_loss ?? false)
    ? interpolation
    : null;
}

/** Null while it is not shown, and while the image waits to be prepared for another model. */
function wantedInterpolation({ view, image, masking, model }: LensState): InterpolationJob | null {
  if (!view.interpolation || image === null || !sameImage(image.prepared.geometry, masking.geometry))
    return null;
  return {
    imageKey: image.key,
    prepared: image.prepared,
    masking,
    normPixLoss: model.info?.config.norm_pix_loss ?? false,
  };
}

function sameJob(a: InterpolationJob, b: InterpolationJob): boolean {
  return (
    a.prepared === b.prepared &&
    a.normPixLoss === b.normPixLoss &&
    sameGrid(a.masking.grid, b.masking.grid) &&
    sameMask(a.masking.mask, b.masking.mask)
  );
}
