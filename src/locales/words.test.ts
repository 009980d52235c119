import { describe, expect, test } from 'vitest';
import { STRATEGIES } from '../mae/strategies/strategies.ts';
import { errors } from './en/errors.ts';
import { en } from './en.ts';
import { LANGUAGES } from './languages.ts';
import type { ErrorWords, Widened, Words } from './words.ts';

/** A catalogue as small as can be, of everything that a catalogue may hold. */
const small = {
  title: 'Help',
  count: ({ runs }: { readonly runs: number }) => (runs === 1 ? 'one run' : `${runs} runs`),
  tools: { fill: 'Fill' },
  lines: ['one', 'two'] as readonly string[],
} as const;
type Small = Widened<typeof small>;

test('no error is said in two places', async () => {
  const parts = import.meta.glob<Record<string, Record<string, unknown>>>('./en/errors/*.ts', {
    eager: true,
  });
  const keys = Object.values(parts).flatMap((part) => Object.values(part).flatMap(Object.keys));
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  expect(new Set(keys)).toEqual(new Set(Object.keys(errors)));
});

describe('another language', () => {
  test('says the same in its own words', () => {
    const danish: Small = {
      title: 'Hjælp',
      count: ({ runs }) => (runs === 1 ? 'én kørsel' : `${runs} kørsler`),
      tools: { fill: 'Fyld' },
      lines: ['én'],
    };
    expect(danish.count({ runs: 2 })).toBe('2 kørsler');
    const english: Words = en;
    expect(english.page.name).toBe('MAE Lens');
  });

  test('does not compile with a key that is missing, too many or of another kind', () => {
    // @ts-expect-error a missing key
    const lacking: Small = { title: 'Hjælp', count: () => '', tools: { fill: 'Fyld' } };
    // @ts-expect-error a missing key further inside
    const lackingInside: Small = { ...small, tools: {} };
    // @ts-expect-error a key too many
    const extra: Small = { ...small, more: 'Mere' };
    // @ts-expect-error a key too many further inside
    const extraInside: Small = { ...small, tools: { fill: 'Fyld', brush: 'Pensel' } };
    // @ts-expect-error a sentence where a function belongs
    const kind: Small = { ...small, count: 'mange' };
    // @ts-expect-error a parameter that nobody gives
    const params: Small = { ...small, count: ({ rounds }: { readonly rounds: number }) => `${rounds}` };
    // @ts-expect-error no strategy is without words
    const strategies: Words['strategies'] = { ...en.strategies, grid: undefined };
    // @ts-expect-error nor is an error
    const sentences: ErrorWords = { ...errors, 'cancelled/loading': undefined };
    expect([lacking, lackingInside, extra, extraInside, kind, params, strategies, sentences]).toHaveLength(8);
  });
});

test.each(STRATEGIES)('the strategy $id has a name, a sentence and the paper’s term', ({ id }) => {
  const { label, sentence, term } = en.strategies[id];
  expect(label).toMatch(/^[A-Z]/);
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(term).toMatch(/\.$/);
});

test('every language of the list can be loaded, and writes numbers in its own way', async () => {
  expect(new Set(LANGUAGES.map(({ tag }) => tag)).size).toBe(LANGUAGES.length);
  for (const { tag, load } of LANGUAGES) {
    const { format } = await load();
    expect(new Intl.Locale(format.tag).language).toBe(new Intl.Locale(tag).language);
  }
});

test('no entry is empty', () => {
  const empty = (value: unknown): boolean =>
    typeof value === 'object' && value !== null ? Object.values(value).some(empty) : value === '';
  expect(empty(en)).toBe(false);
});
