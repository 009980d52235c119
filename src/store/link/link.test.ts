import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { squareGrid } from '../../mae/geometry.ts';
import { links } from '../testing/links.ts';
import { words } from '../testing/told.ts';
import { DEFAULT_LINK, formatLink, type Link, parseLink } from './link.ts';

test('a link says again what it was made of', () => {
  fc.assert(
    fc.property(links, (link) => {
      const fragment = formatLink(link);
      expect(parseLink(fragment)).toEqual({ link, problems: [] });
      expect(parseLink(`#${fragment}`).link).toEqual(link);
      expect(fragment).toMatch(/^[\w.~,/=&@:%!'()*-]*$/);
    }),
  );
});

test('any text is read, and what is read can be written', () => {
  const key = fc.constantFrom('model', 'image', 'ratio', 'seed', 'generator', 'strategy', 'painted', 'hide');
  const pairs = fc
    .array(fc.tuple(key, fc.string({ unit: 'binary' })))
    .map((list) => list.map(([name, text]) => `${name}=${text}`).join('&'));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), pairs), (fragment) => {
      const { link, problems } = parseLink(fragment);
      expect(parseLink(formatLink(link))).toEqual({ link, problems: [] });
      for (const problem of words(problems)) expect(problem).toMatch(/^The .*\.$/s);
    }),
    { numRuns: 500 },
  );
});

describe('a short link', () => {
  test('leaves out what is as usual', () => {
    expect(formatLink(DEFAULT_LINK)).toBe('');
    expect(parseLink('')).toEqual({ link: DEFAULT_LINK, problems: [] });
    expect(formatLink({ ...DEFAULT_LINK, ratio: 0.9, seed: '7' })).toBe('ratio=0.9&seed=7');
  });

  test('can be read by people', () => {
    const link: Link = {
      ...DEFAULT_LINK,
      model: 'facebook/vit-mae-base',
      sample: null,
      strategy: 'block',
      painted: { grid: squareGrid(2), painted: new Map([[3, 'masked']]) },
      view: ['grid', 'errors'],
      embed: true,
      hide: ['header', 'samples'],
    };
    expect(formatLink(link)).toBe(
      'model=facebook/vit-mae-base&image=own&strategy=block&painted=2.G&view=grid,errors&embed=1&hide=header,samples',
    );
  });
});

describe('what cannot be used', () => {
  test.each([
    ['model=../../evil', 'model', DEFAULT_LINK],
    ['model=https://example.org/', 'model', DEFAULT_LINK],
    ['model=a/b@', 'model', DEFAULT_LINK],
    ['model=a/b@one..two', 'model', DEFAULT_LINK],
    ['model=a/b@x%20y', 'model', DEFAULT_LINK],
    ['model=a/b:', 'model', DEFAULT_LINK],
    ['model=a/b@main:../../x', 'model', DEFAULT_LINK],
    ['image=unicorn', 'image', DEFAULT_LINK],
    ['ratio=1.5', 'mask ratio', DEFAULT_LINK],
    ['ratio=-0', 'mask ratio', DEFAULT_LINK],
    ['ratio=', 'mask ratio', DEFAULT_LINK],
    ['ratio=0x1', 'mask ratio', DEFAULT_LINK],
    ['seed=two', 'seed', DEFAULT_LINK],
    [`seed=${'9'.repeat(100_000)}`, 'seed', DEFAULT_LINK],
    ['seed=18446744073709551616', 'PyTorch takes whole numbers', DEFAULT_LINK],
    ['seed=-1&generator=numpy', 'NumPy takes whole numbers', { ...DEFAULT_LINK, generator: 'numpy' }],
    ['generator=jax', 'generator', DEFAULT_LINK],
    ['strategy=constructor', 'masking strategy', DEFAULT_LINK],
    ['painted=14.AAA', 'painted mask', DEFAULT_LINK],
    ['view=grid,x-ray', 'there is nothing called “x-ray”', { ...DEFAULT_LINK, view: ['grid'] }],
    ['embed=yes', 'embed flag', DEFAULT_LINK],
    ['hide=header,footer', 'there is nothing called “footer”', { ...DEFAULT_LINK, hide: ['header'] }],
  ])('%s is told, and the rest applies', (fragment, told, link) => {
    const parsed = parseLink(`${fragment}&ratio=0.5&image=coffee`);
    expect(words(parsed.problems)).toEqual([expect.stringContaining(told)]);
    const first = (key: string) => fragment.startsWith(`${key}=`);
    expect(parsed.link).toEqual({
      ...link,
      ratio: first('ratio') ? link.ratio : 0.5,
      sample: first('image') ? link.sample : 'coffee',
    });
  });

  test('several problems are told one by one', () => {
    const { link, problems } = parseLink('ratio=2&seed=x&strategy=y&embed=1');
    expect(link).toEqual({ ...DEFAULT_LINK, embed: true });
    expect(words(problems)).toEqual([
      'The link’s mask ratio cannot be used: “2” is not a number from 0 to 1. The usual one is used instead.',
      'The link’s seed cannot be used: “x” is not a whole number such as 2. The usual one is used instead.',
      'The link’s masking strategy cannot be used: there is none called “y”. The usual one is used instead.',
    ]);
  });
});

test('keys that are not its own are kept silent about', () => {
  expect(parseLink('utm_source=mail&ratio=0.5&__proto__=1&constructor')).toEqual({
    link: { ...DEFAULT_LINK, ratio: 0.5 },
    problems: [],
  });
});

test('seeds are tidied', () => {
  expect(parseLink('seed=+007').link.seed).toBe('7');
  expect(parseLink('seed=%2B7').link.seed).toBe('7');
});

test('an empty painting is none', () => {
  expect(parseLink('painted=2.A')).toEqual({ link: DEFAULT_LINK, problems: [] });
  expect(parseLink('painted=')).toEqual({ link: DEFAULT_LINK, problems: [] });
});
