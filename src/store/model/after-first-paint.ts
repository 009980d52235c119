/** When the page's first model begins to load: as soon as that takes nothing from the first image. */

/** An image that has not come by then is not waited for. */
const PATIENCE_MS = 15_000;

/** @param settled resolves when the page is sure to stay: what a reload would throw away must not begin before */
export function afterFirstPaint(settled: Promise<void>): (opened: Promise<void>) => Promise<void> {
  return async (opened) => {
    await Promise.race([
      opened.then(painted),
      new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS)),
    ]);
    await settled;
  };
}

/** Resolves when what was drawn is on the screen. A page that nobody sees does not paint, and need not. */
function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
