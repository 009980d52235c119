/** The thin binding between the store of several runs and React. */
import { useStore } from 'zustand';
import type { SweepKind } from '../../store/sweep/plan.ts';
import type { Blocked, RunsState, Sweep } from '../../store/sweep/sweep.ts';
import { useLens, useLensState } from '../lens-context.tsx';

/** A part of the state; the component renders again when that part is another one (Object.is). */
export function useSweeps<T>(select: (state: RunsState) => T): T {
  return useStore(useLens().runs.store, select);
}

export function useSweep(kind: SweepKind): Sweep | null {
  return useSweeps((state) => state.sweeps[kind]);
}

/** Why a sweep cannot start now: a matter of the page and of the runs. */
export function useBlocked(kind: SweepKind): Blocked | null {
  const { runs } = useLens();
  useSweeps(() => runs.blocked(kind));
  return useLensState(() => runs.blocked(kind));
}
