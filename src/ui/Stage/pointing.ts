/** From a place on a panel to the patch there. */

/** The patch nearest to the pointer. */
export function cellAt(
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
  panel: Element,
  grid: number,
): number {
  const { left, top, width, height } = panel.getBoundingClientRect();
  const index = (offset: number, length: number) =>
    length === 0 ? 0 : Math.min(grid - 1, Math.max(0, Math.floor((offset / length) * grid)));
  return index(clientY - top, height) * grid + index(clientX - left, width);
}
