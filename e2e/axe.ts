import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** The part of the page that is judged, and whether findings that axe calls moderate or minor count as well. */
export interface Scope {
  readonly within?: string;
  readonly all?: boolean;
}

/** What axe finds, serious and critical where nothing else is said, in words. */
export async function findings(page: Page, { within, all = false }: Scope = {}): Promise<string[]> {
  // What is still fading in has other colours than what a person reads.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
  // In the page itself: it has no frames, and a second tab for putting their findings together takes a second.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (within === undefined ? builder : builder.include(within)).analyze();
  return violations
    .filter(({ impact }) => all || impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
