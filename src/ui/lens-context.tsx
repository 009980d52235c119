/** The thin binding between the store and React. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { ActionContext } from '../actions/action.ts';
import { en } from '../locales/en.ts';
import type { Words } from '../locales/words.ts';
import type { Lens } from '../store/lens.ts';
import type { LensState } from '../store/state.ts';

const Context = createContext<ActionContext | null>(null);

export function LensProvider(props: {
  readonly lens: Lens;
  readonly chooseFile: () => void;
  /** English, unless something else is said. */
  readonly words?: Words;
  readonly children: ReactNode;
}) {
  const { lens, chooseFile, words = en, children } = props;
  const value = useMemo(() => ({ lens, chooseFile, words }), [lens, chooseFile, words]);
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

/** Of the language that the page speaks. */
export function useWords(): Words {
  return useContext(Context)?.words ?? en;
}

/** A part of the state; the component renders again when that part is another one (Object.is). */
export function useLensState<T>(select: (state: LensState) => T): T {
  return useStore(useLens().store, select);
}

/** What is said of the state; the component renders again when it is something else. */
export function useLensWords<T>(say: (state: LensState, words: Words) => T): T {
  const { lens, words } = useActionContext();
  return useStore(lens.store, (state) => say(state, words));
}
