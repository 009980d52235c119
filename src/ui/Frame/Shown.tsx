/** A part of the page that a link may hide, so that a teacher can share a simpler page. */
import type { ReactNode } from 'react';
import type { Hideable } from '../../store/link/link.ts';
import { isShown } from '../../store/state.ts';
import { useLensState } from '../lens-context.tsx';

export function Shown({ part, children }: { readonly part: Hideable; readonly children: ReactNode }) {
  return useLensState((state) => isShown(state, part)) ? children : null;
}
