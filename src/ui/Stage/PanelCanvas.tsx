/**
 * A panel's canvas. It draws inside the store's own notification, before React hears of it: what a slider
 * changes is on the canvas in the same frame.
 */
import { useLayoutEffect, useRef } from 'react';
import type { Viewport } from '../../store/image/viewport.ts';
import { useLens } from '../lens-context.tsx';
import { type CanvasSize, paint } from './paint.ts';
import styles from './Stage.module.css';
import { type Scene, type SceneOf, sameScene } from './scene.ts';

export function PanelCanvas(props: { readonly scene: SceneOf; readonly summary: string }) {
  const { scene: sceneOf, summary } = props;
  const { store } = useLens();
  const ref = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas == null || context == null) return;
    let drawn: { readonly scene: Scene; readonly viewport: Viewport } | null = null;
    let measured = false;

    const draw = (): void => {
      const state = store.getState();
      const scene = sceneOf(state);
      const { viewport } = state;
      if (!measured || canvas.width === 0) return;
      if (drawn !== null && viewport === drawn.viewport && sameScene(drawn.scene, scene)) return;
      paint(context, canvas, window.devicePixelRatio, scene, viewport);
      drawn = { scene, viewport };
    };
    const resize = ({ width, height }: CanvasSize): void => {
      if (width === canvas.width && height === canvas.height && drawn !== null) return;
      measured = true;
      canvas.width = width;
      canvas.height = height;
      drawn = null;
      draw();
    };

    const stopWatching = watchSize(canvas, resize);
    const unsubscribe = store.subscribe(draw);
    return () => {
      unsubscribe();
      stopWatching();
    };
  }, [store, sceneOf]);

  return <canvas ref={ref} className={styles.canvas} role="img" aria-label={summary} width={1} height={1} />;
}

/** Tells the canvas's size in device pixels, exactly where the browser can say it. */
function watchSize(canvas: HTMLCanvasElement, onSize: (size: CanvasSize) => void): () => void {
  const pixels = (length: number): number => Math.max(1, Math.round(length * window.devicePixelRatio));
  const estimate = () => ({ width: pixels(canvas.clientWidth), height: pixels(canvas.clientHeight) });
  if (typeof ResizeObserver === 'undefined') {
    onSize(estimate());
    return () => {};
  }
  // It tells the first size too, in the same frame: asking for it here would make the browser lay the page out twice.
  const observer = new ResizeObserver(([entry]) => {
    const exact = entry?.devicePixelContentBoxSize?.[0];
    onSize(
      exact === undefined
        ? estimate()
        : { width: Math.max(1, exact.inlineSize), height: Math.max(1, exact.blockSize) },
    );
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    // Safari does not know this box.
    observer.observe(canvas);
  }
  return () => observer.disconnect();
}
