import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tallyTable, tryTarget } from './campaign.ts';
import { byteChanges, changedBytes, changedJson, jsonChanges } from './changes.ts';
import { TARGETS, type Target } from './targets.ts';

/** The part of `npm run fuzz` that every run of the tests can afford. */
const THOUSANDS = 0.2;
const SEED = 13;

test.each(TARGETS.map((target) => [target.name, target] as const))(
  '%s: what is damaged is taken or refused',
  async (_, target) => {
    const { counts, failure } = await tryTarget(target, SEED, THOUSANDS);
    expect(failure).toBeNull();
    expect(counts.same + counts.refused + counts.other).toBe(Math.round(THOUSANDS * target.perThousand));
    // What comes from the hub, or was kept of it, is fetched again where that is the way out.
    if (!/hub|stored/.test(target.name)) expect(counts.refused).toBeGreaterThan(0);
    else expect(counts.same).toBeGreaterThan(0);
  },
);

test('an error that is not the project’s own is a failure, with what repeats it', async () => {
  const target: Target = {
    name: 'broken',
    perThousand: 100,
    property: (told) =>
      fc.asyncProperty(fc.nat(100), async (n) => {
        if (n > 50) throw new TypeError('n of undefined');
        told('same');
      }),
  };
  const tally = await tryTarget(target, SEED, 1);
  expect(tally.failure).toMatch(/seed: 13.*Counterexample: \[51\].*n of undefined/s);
  expect(tallyTable([tally])).toContain('| broken |');
});

test('changes change: bytes at any place, values at any depth', () => {
  fc.assert(
    fc.property(byteChanges, (changes) => {
      const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
      const before = bytes.slice();
      const after = changedBytes(bytes, changes);
      expect(bytes).toEqual(before);
      if (changes.every(({ kind }) => kind === 'cut' || kind === 'end'))
        expect(after.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
  const json = { a: [{ b: 1 }] };
  const seen = new Set<string>();
  fc.assert(
    fc.property(jsonChanges, (changes) => {
      seen.add(JSON.stringify(changedJson(json, changes)) ?? 'nothing');
      expect(json).toEqual({ a: [{ b: 1 }] });
    }),
    { seed: SEED },
  );
  expect(seen).toContain('{"a":[{}]}');
});
