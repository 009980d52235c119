/** The thin binding between the store of several runs and React. */
import { useStore } from 'zustand';
import type { SweepKind } from '../../store/sweep/plan.ts';
import type { Blocked, Sweep, SweepsState } from '../../store/sweep/sweep.ts';
import { useLens, useLensState } from '../lens-context.tsx';

/** A part of the state; the component renders again when that part is another one (Object.is). */
export function useSweeps<T>(select: (state: SweepsState) => T): T {
  return useStore(useLens().sweeps.store, select);
}

export function useSweep(kind: SweepKind): Sweep | null {
  return useSweeps((state) => state.sweeps[kind]);
}

/** Why a sweep cannot start now: a matter of the page and of the runs. */
export function useBlocked(kind: SweepKind): Blocked | null {
  const { sweeps } = useLens();
  useSweeps(() => sweeps.blocked(kind));
  return useLensState(() => sweeps.blocked(kind));
}
