import { expect, test } from 'vitest';
import { parseModels } from './models.ts';

const parse = (text: string) => parseModels(text, (path) => path === 'out/base');

test('models are the bundled one, what lies on this disk, or names on the hub', () => {
  expect(parse('demo,facebook/vit-mae-base,out/base,facebook/vit-mae-base=out/base')).toEqual([
    { kind: 'bundled', title: 'demo' },
    { kind: 'hub', title: 'facebook/vit-mae-base' },
    { kind: 'disk', title: 'out/base', path: 'out/base', named: false },
    { kind: 'disk', title: 'facebook/vit-mae-base', path: 'out/base', named: true },
  ]);
  expect(parse('facebook/vit-mae-base@refs/pr/3')).toMatchObject([{ kind: 'hub' }]);
});

test.each(['', 'base', './gone', 'a/b/c', 'name=gone', '/absolute/gone'])('“%s” names nothing', (text) => {
  expect(() => parse(text)).toThrow(/no/);
});
