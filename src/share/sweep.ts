/** The numbers of several runs, as a table for other programs. */

import { patchCount } from '../mae/geometry.ts';
import { GENERATOR_NAMES } from '../store/mask/settings.ts';
import type { Sweep } from '../store/sweep/sweep.ts';

const COLUMNS = 'seed,generator,strategy,manual_patches,mask_ratio,masked_patches,patches,loss';

/** CSV (RFC 4180): one row for each run that is done, in their order; the loss is empty where no patch was masked. */
export function sweepCsv({ outcomes, settings, geometry }: Sweep): string {
  const { generator, strategy, painted } = settings;
  const patches = patchCount(geometry.grid);
  const rows = outcomes.map(({ seed, ratio, masked, loss }) =>
    [seed, GENERATOR_NAMES[generator], strategy, painted.size, ratio, masked, patches, loss ?? ''].join(','),
  );
  return `${[COLUMNS, ...rows].join('\r\n')}\r\n`;
}
