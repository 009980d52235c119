/** From a place on a panel to the patch there. */

import { cellOf, type Grid } from '../../mae/geometry.ts';

/** The patch nearest to the pointer. */
export function cellAt(
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
  panel: Element,
  grid: Grid,
): number {
  const { left, top, width, height } = panel.getBoundingClientRect();
  const index = (offset: number, length: number, count: number) =>
    length === 0 ? 0 : Math.min(count - 1, Math.max(0, Math.floor((offset / length) * count)));
  return cellOf(index(clientY - top, height, grid.rows), index(clientX - left, width, grid.columns), grid);
}
