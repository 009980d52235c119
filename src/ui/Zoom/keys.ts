/** Where the page's own shortcuts are off, as in a dialog: arrows move the window, plus, minus and 0 zoom it. */
import { FIT, pan, type Viewport, zoomStep } from '../../store/image/viewport.ts';

/** One press moves the window by this part of its side. */
const STEP = 0.15;

const ARROWS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/** What a key makes of the window; null for one that does nothing to it. */
export function viewportAfterKey(viewport: Viewport, key: string): Viewport | null {
  const way = ARROWS[key];
  if (way !== undefined) return viewport.zoom === 1 ? null : pan(viewport, way);
  if (key === '+' || key === '=') return zoomStep(viewport, 'in');
  if (key === '-') return zoomStep(viewport, 'out');
  return key === '0' ? FIT : null;
}
