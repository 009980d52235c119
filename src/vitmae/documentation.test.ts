/** Runs every example of docs/library.md, on the bundled model. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as library from './index.ts';
import { countSessions } from './testing/counting-runtime.ts';

const sessions = countSessions();
const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const text = readFileSync(path('docs/library.md'), 'utf8');

const examples = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code = ''], i) => {
  const before = text.slice(0, text.indexOf(code));
  const [heading = ''] =
    /[^#\n]+$/.exec(before.slice(0, before.lastIndexOf('```js')).match(/#+ .*/g)?.at(-1) ?? '') ?? [];
  return { name: `${i + 1}, ${heading.trim()}`, code };
});

/** Comments that say what a line gives: `model.config.hidden_size; // 768`. */
const CLAIM = /^(\S.*?);\s*\/\/ (\[[\d, ]+\]|[\d.]+|true|false|'[^'…]*')(?=[:\s]|$)/;

test('there are examples, and they name all that is exported', () => {
  expect(examples.length).toBeGreaterThan(9);
  const values = Object.keys(library).filter((name) => name !== 'env');
  expect(values.filter((name) => !examples.some(({ code }) => code.includes(name))).sort()).toEqual([
    'TFViTMAEModel',
  ]);
});

test.each(examples)('$name', async ({ code }) => {
  const before = sessions.alive;
  const [, names = ''] = /import \{(.*?)\} from 'mae-lens';/s.exec(code) ?? [];
  const imported = names.split(',').map((name) => name.trim());
  expect(imported.filter((name) => !(name in library))).toEqual([]);
  const claims: { line: string; actual: unknown; expected: unknown }[] = [];
  const body = code
    .replace(/import .*?;/s, '')
    .split('\n')
    .map((line) => {
      const [, expression, value] = CLAIM.exec(line) ?? [];
      return expression === undefined ? line : `claim(${JSON.stringify(line)}, ${expression}, ${value});`;
    })
    .join('\n');
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const run = new AsyncFunction(
    'library',
    'claim',
    'checkpoint',
    'image',
    `const { ${imported.join(', ')} } = library;${body}`,
  );
  await run(
    library,
    (line: string, actual: unknown, expected: unknown) => claims.push({ line, actual, expected }),
    path('public/models/demo'),
    path('public/samples/cat.jpg'),
  );
  for (const { line, actual, expected } of claims) expect(actual, line).toEqual(expected);
  expect(sessions.alive).toBe(before);
});
