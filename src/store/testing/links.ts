/** Links, in any number, for property tests. */
import fc from 'fast-check';
import { patchCount, squareGrid } from '../../mae/geometry.ts';
import type { Paint } from '../../mae/manual-mask.ts';
import { STRATEGIES } from '../../mae/strategies/strategies.ts';
import { SAMPLES } from '../image/samples.ts';
import { HIDEABLE, type Link, VIEW_FLAGS } from '../link/link.ts';
import { nameInLinks } from '../model/model-link.ts';
import { hubAddresses } from './hub-addresses.ts';

const sides = fc.integer({ min: 1, max: 16 });
const painted = fc.oneof(sides.map(squareGrid), fc.record({ rows: sides, columns: sides })).chain((grid) =>
  fc
    .array(fc.tuple(fc.nat(patchCount(grid) - 1), fc.constantFrom<Paint>('masked', 'kept')), {
      minLength: 1,
    })
    .map((cells) => ({ grid, painted: new Map(cells.sort(([a], [b]) => a - b)) })),
);

const seed = fc.oneof(
  fc.record({
    generator: fc.constant('torch' as const),
    seed: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
  }),
  fc.record({
    generator: fc.constant('numpy' as const),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(String),
  }),
);

const hubNames = hubAddresses.map((address) => {
  const name = nameInLinks({ kind: 'hub', name: '', address });
  if (name === null) throw new Error('A model on the hub has no name in links.');
  return name;
});

export const links: fc.Arbitrary<Link> = fc
  .tuple(
    fc.record({
      model: fc.oneof(fc.constantFrom('demo', 'facebook/vit-mae-base', null), hubNames),
      sample: fc.constantFrom(...SAMPLES.map(({ id }) => id), null),
      ratio: fc.oneof(
        fc.constantFrom(0, 1, 0.75, 1e-9, Number.MIN_VALUE),
        fc.double({ min: 0, max: 1, noNaN: true }).map((ratio) => ratio + 0),
      ),
      strategy: fc.constantFrom(...STRATEGIES.map(({ id }) => id)),
      painted: fc.option(painted),
      view: fc.subarray([...VIEW_FLAGS]),
      embed: fc.boolean(),
      hide: fc.subarray([...HIDEABLE]),
    }),
    seed,
  )
  .map(([rest, { seed: digits, generator }]) => ({ ...rest, seed: digits, generator }));
