/** Parts of sentences that several sentences have. */
import type { AskedBy, Damage, Listed, Shown } from '../values.ts';
import { format } from './format.ts';

/** "1 byte", "10,439 bytes": for where each byte counts. */
export const bytes = (count: number): string => format.plural(count, { one: '# byte', other: '# bytes' });

export const moreBytes = (count: number): string =>
  format.plural(count, { one: '# more byte', other: '# more bytes' });

export const shown = (value: Shown): string =>
  value === 'list' ? 'a list' : value === 'object' ? 'an object' : value.written;

export const listed = ({ names, more }: Listed): string =>
  more > 0 ? `${names.join(', ')} and ${format.number(more)} more` : names.join(', ');

export const damaged = (damage: Damage): string => {
  if (damage === 'sha256') return 'its SHA-256 is not the one it should be';
  const { came, expected } = damage;
  return came > expected
    ? `more than ${bytes(expected)} came`
    : `${format.number(came)} of ${bytes(expected)} came`;
};

export const asker = (askedBy: AskedBy): string =>
  askedBy === 'config' ? 'its config.json' : 'the rest of it';

export const adviceFor = (askedBy: AskedBy): string =>
  askedBy === 'config'
    ? 'Check that config.json and the weights come from the same model.'
    : 'Download or copy the file again, or add the config.json of the model.';
