/** Keeps the reconstruction up with image, mask and model. */
import type { StoreApi } from 'zustand/vanilla';
import { toLensError } from '../../base/errors.ts';
import type { Engine, ModelInfo } from '../../engine/engine.ts';
import type { Reconstruction } from '../../engine/model/predictions.ts';
import type { Image } from '../image/image-state.ts';
import type { Masking } from '../mask/masking.ts';
import { forwardMs, isCurrent, type LensState } from '../state.ts';
import { createJobRunner } from './job-runner.ts';
import { throttled } from './throttle.ts';

export interface LiveReconstruction {
  /** Asks the engine for what the state now calls for; to be called when a failed run is to be repeated. */
  follow(): void;
  /** The hand rests: a run that waits for that starts now. */
  rest(): void;
  /** Resolves when no run is in flight and none waits; null when that is so. */
  working(): Promise<void> | null;
}

interface Job {
  readonly image: Image;
  readonly masking: Masking;
  readonly model: ModelInfo;
}

/** Asks the engine whenever the state calls for a reconstruction that it does not have. */
export function followReconstruction(
  { getState: get, setState: set, subscribe }: StoreApi<LensState>,
  engine: Pick<Engine, 'model'>,
): LiveReconstruction {
  const runner = createJobRunner<Job, Reconstruction>(
    ({ image, masking }) => engine.model.reconstruct(image.prepared.id, masking),
    (job, answer) => {
      if (!belongsToNow(job)) return follow();
      // A late answer may fill a gap or show progress, but never replaces the right one.
      if (isCurrent(get()) && job.masking !== get().masking) return;
      set({
        resultError: null,
        result: {
          imageKey: job.image.key,
          masking: job.masking,
          reconstruction: answer.reconstruction,
          loss: answer.loss,
          patchErrors: answer.patchErrors,
          timing: { encoderMs: answer.encoderMs, decoderMs: answer.decoderMs },
          modelName: job.model.name,
          model: job.model,
        },
      });
    },
    (job, error) => {
      const failure = toLensError(error, 'engine-failed/reconstruct');
      if (failure.code === 'cancelled') return;
      if (!belongsToNow(job)) return follow();
      if (job.masking === get().masking) set({ resultError: failure });
    },
  );
  const live = throttled(runner, () => forwardMs(get()));

  /** Whether a job's image and model are still the ones in use; its mask may be an older one. */
  function belongsToNow(job: Job): boolean {
    const { image, model } = get();
    return job.image.prepared === image?.prepared && job.model === model.info;
  }

  function follow(): void {
    const state = get();
    const { image, masking, model } = state;
    if (image === null || model.info === null || isCurrent(state)) {
      live.forget();
      return;
    }
    if (image.prepared.imageSize !== model.info.config.image_size) return;
    live.request({ image, masking, model: model.info });
  }

  subscribe((state, before) => {
    const same =
      state.masking === before.masking &&
      state.image?.prepared === before.image?.prepared &&
      state.model.info === before.model.info;
    if (!same) follow();
  });

  return { follow, rest: live.rest, working: live.working };
}
