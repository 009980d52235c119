import { useStore } from 'zustand';
import type { ModelSource } from '../../engine/engine.ts';
import type { ModelsState } from '../../store/model/models.ts';
import type { LensState } from '../../store/state.ts';
import { useLens, useLensState } from '../lens-context.tsx';

/** A part of what is known of models; the component renders again when that part is another one (Object.is). */
export function useModels<T>(select: (state: ModelsState) => T): T {
  return useStore(useLens().models.store, select);
}

/** Where in the list it is told what becomes of a source. */
export function useSpot(source: ModelSource | null): string | null {
  const { models } = useLens();
  // A model that has begun to be stored gets a row of its own.
  useModels((state) => state.rows);
  return source === null ? null : models.spotOf(source);
}

function isBusy({ model }: LensState): boolean {
  return ['loading', 'compiling', 'warming-up'].includes(model.phase.phase);
}

/** Whether a model is being loaded whose progress belongs here. */
export function useBusyAt(spot: string): boolean {
  const busy = useLensState(isBusy);
  return useSpot(useLensState((state) => state.model.source)) === spot && busy;
}
