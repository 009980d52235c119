/**
 * npm run fuzz [-- --seed 1] [--thousands 5] [--only link] [--write]
 *
 * Throws damaged files, links and answers at what reads them; see targets.ts. The same seed makes the same tries.
 * Exit code 1 when one of them was neither taken nor refused in the project's own words; then what repeats it is
 * printed. `--write` puts the counts into docs/reliability.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import '../../src/base/english.ts';
import { type Tally, tallyTable, tryTarget } from './campaign.ts';
import { TARGETS } from './targets.ts';

const DOCUMENT = new URL('../../docs/reliability.md', import.meta.url);

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    thousands: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const [seed, thousands] = [Number(values.seed), Number(values.thousands)];
const chosen = TARGETS.filter(({ name }) => name.includes(values.only));
if (!Number.isInteger(seed) || !(thousands > 0) || chosen.length === 0) {
  console.error('Usage: npm run fuzz [-- --seed INTEGER] [--thousands NUMBER] [--only NAME] [--write]');
  console.error(`NAME is a part of: ${TARGETS.map(({ name }) => name).join('; ')}.`);
  process.exit(2);
}

const tallies: Tally[] = [];
for (const target of chosen) {
  const tally = await tryTarget(target, seed, thousands);
  tallies.push(tally);
  console.log(`${target.name}: ${JSON.stringify(tally.counts)}`);
  if (tally.failure !== null) console.error(`${target.name}, seed ${seed}: ${tally.failure}`);
}
const table = tallyTable(tallies);
console.log(`\n${table}`);
const failed = tallies.filter(({ failure }) => failure !== null).length;
console.log(`${tallies.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
else if (values.write) {
  const before = readFileSync(DOCUMENT, 'utf8');
  const counts = `<!-- counts -->\n\nSeed ${seed}.\n\n${table}\n\n<!-- /counts -->`;
  writeFileSync(
    DOCUMENT,
    before.replace(/<!-- counts -->.*<!-- \/counts -->/s, () => counts),
  );
}
