import { type ComponentType, useEffect, useRef, useSyncExternalStore } from 'react';
import { partMissing } from '../../base/errors.ts';
import type { Place } from '../../store/notices/notice-state.ts';
import { useLens } from '../lens-context.tsx';
import type { LazyPart } from './lazy-part.ts';

/** Where it is told that a part could not be loaded, and what is taken back then. */
export interface PartFailure {
  readonly place: Place;
  readonly giveUp: () => void;
}

/**
 * A part as soon as it is there; null before. While it is `wanted` it is being loaded.
 * @param failure null for a part that may stay away silently until it is wanted again
 */
export function useLazyPart<Props>(
  lazyPart: LazyPart<Props>,
  wanted: boolean,
  failure: PartFailure | null,
): ComponentType<Props> | null {
  const lens = useLens();
  // The same where the page is rendered at build time: nothing has been loaded there.
  const component = useSyncExternalStore(lazyPart.subscribe, lazyPart.current, lazyPart.current);
  const onFailure = useRef(failure);
  useEffect(() => {
    onFailure.current = failure;
  });
  useEffect(() => {
    if (!wanted || component !== null) return;
    let stillWanted = true;
    lazyPart.load().catch((cause: unknown) => {
      const { current } = onFailure;
      if (!stillWanted || current === null) return;
      current.giveUp();
      lens.tell('error', partMissing(cause), current.place);
    });
    return () => {
      stillWanted = false;
    };
  }, [lazyPart, wanted, component, lens]);
  return component;
}
