/** The thin binding between the store and React. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { ActionContext } from '../actions/action.ts';
import type { Lens } from '../store/lens.ts';
import type { LensState } from '../store/state.ts';

const Context = createContext<ActionContext | null>(null);

export function LensProvider(props: {
  readonly lens: Lens;
  readonly chooseFile: () => void;
  readonly children: ReactNode;
}) {
  const { lens, chooseFile, children } = props;
  const value = useMemo(() => ({ lens, chooseFile }), [lens, chooseFile]);
  return <Context value={value}>{children}</Context>;
}

export function useActionContext(): ActionContext {
  const context = useContext(Context);
  if (context === null) throw new Error('This component belongs inside a LensProvider.');
  return context;
}

export function useLens(): Lens {
  return useActionContext().lens;
}

/** A part of the state; the component renders again when that part is another one (Object.is). */
export function useLensState<T>(select: (state: LensState) => T): T {
  return useStore(useLens().store, select);
}
