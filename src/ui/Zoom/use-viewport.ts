/** Ties an element with panels in it to the shared window: its styles follow the window, its gestures move it. */
import { type RefObject, useLayoutEffect } from 'react';
import { useLens } from '../lens-context.tsx';
import { listenForZoom } from './gestures.ts';

/**
 * The element gets `--zoom`, `--x` and `--y` (as in `Viewport`), and `data-zoomed`. They are set without React, so that
 * nothing is rendered while the window moves.
 */
export function useViewport(ref: RefObject<HTMLElement | null>): void {
  const { store, setViewport } = useLens();
  useLayoutEffect(() => {
    const root = ref.current;
    if (root === null) return;
    const show = (): void => {
      const { zoom, x, y } = store.getState().viewport;
      root.style.setProperty('--zoom', String(zoom));
      root.style.setProperty('--x', String(x));
      root.style.setProperty('--y', String(y));
      root.dataset.zoomed = String(zoom > 1);
    };
    show();
    const unsubscribe = store.subscribe(({ viewport }, before) => {
      if (viewport !== before.viewport) show();
    });
    const stop = listenForZoom(root, { get: () => store.getState().viewport, set: setViewport });
    return () => {
      unsubscribe();
      stop();
    };
  }, [ref, store, setViewport]);
}
