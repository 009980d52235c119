/** What a link may hide of the page, so that a teacher can share a simpler page. */
import type { ReactNode } from 'react';
import type { Hideable } from '../../store/link/link.ts';
import { isShown } from '../../store/state.ts';
import { useLensState } from '../lens-context.tsx';

export function UnlessHidden(props: { readonly name: Hideable; readonly children: ReactNode }) {
  return useLensState((state) => isShown(state, props.name)) ? props.children : null;
}
