import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDirections, urlReferences } from './directions.ts';

const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** A tree that keeps every rule, for the tests to add one forbidden thing each. */
const goodTree: Readonly<Record<string, string>> = {
  'src/mae/config.ts': 'export interface Config { readonly size: number }\nexport const size = 224;\n',
  'src/graph/encoder.ts': "import { size } from '../mae/config.ts';\nexport const encoder = size;\n",
  'src/engine/engine.ts':
    "import type { Config } from '../mae/config.ts';\nexport interface Engine { readonly config: Config }\n",
  'src/engine/model/model.worker.ts':
    "import { encoder } from '../../graph/encoder.ts';\nexport const worker = encoder;\n",
  'src/engine/client.ts':
    "import type { Engine } from './engine.ts';\nexport function start(): Engine | Worker {\n  return new Worker(new URL('./model/model.worker.ts', import.meta.url), { type: 'module' });\n}\n",
  'src/store/store.ts': "import { start } from '../engine/client.ts';\nexport const store = { start };\n",
  'src/ui/App.tsx':
    "import { store } from '../store/store.ts';\nexport const App = () => <p>{String(store)}</p>;\n",
  'src/ui/App.test.tsx': "import { encoder } from '../graph/encoder.ts';\nexport const seen = encoder;\n",
  'tools/verify/verify.ts':
    "import { encoder } from '../../src/graph/encoder.ts';\nexport const verify = encoder;\n",
};

/** The violations of the good tree with some files replaced or added. */
async function violations(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'directions-'));
  trees.push(tree);
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...goodTree, ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return (await checkDirections(tree, ['src', 'tools'])).violations;
}

describe('checkDirections', () => {
  it('passes a tree that keeps every rule', async () => {
    expect(await violations({})).toEqual([]);
  });

  const size = "import { size } from '../mae/config.ts';\n";
  const cases: readonly [what: string, files: Record<string, string>, rule: RegExp][] = [
    [
      'an import of a value',
      {
        'src/mae/patches.ts':
          "import { encoder } from '../graph/encoder.ts';\nexport const patches = encoder;\n",
      },
      /^src\/mae\/patches\.ts → src\/graph\/encoder\.ts: mae-imports-only-its-own$/,
    ],
    [
      'an import of a type',
      {
        'src/image/decode.ts':
          "import type { Engine } from '../engine/engine.ts';\nexport type Decoded = Engine;\n",
      },
      /image-imports-only-its-own/,
    ],
    [
      'a dynamic import from a .tsx file',
      {
        'src/ui/Stage.tsx':
          "export const Stage = async () => <p>{String(await import('../graph/encoder.ts'))}</p>;\n",
      },
      /^src\/ui\/Stage\.tsx → src\/graph\/encoder\.ts: ui-imports-only-its-own$/,
    ],
    [
      'a re-export',
      { 'src/checkpoint/names/names.ts': "export { encoder } from '../../graph/encoder.ts';\n" },
      /checkpoint-imports-only-its-own/,
    ],
    [
      "the runtime's inside from the store",
      {
        'src/runtime/sessions.ts': 'export const sessions = 1;\n',
        'src/store/model.ts':
          "import { sessions } from '../runtime/sessions.ts';\nexport const model = sessions;\n",
      },
      /store-imports-only-its-own/,
    ],
    [
      'the store from the runtime',
      {
        'src/runtime/device.ts': "import { store } from '../store/store.ts';\nexport const device = store;\n",
      },
      /runtime-imports-only-its-own/,
    ],
    [
      'a room within a room from one below it',
      {
        'src/checkpoint/sources/hub.ts': 'export const hub = 1;\n',
        'src/checkpoint/formats/zip.ts':
          "import { hub } from '../sources/hub.ts';\nexport const zip = hub;\n",
      },
      /checkpoint\/formats-imports-only-its-own/,
    ],
    [
      'a device from a session',
      {
        'src/runtime/device/gpu.ts': 'export const gpu = 1;\n',
        'src/runtime/session/run.ts': "import { gpu } from '../device/gpu.ts';\nexport const run = gpu;\n",
      },
      /runtime\/session-imports-only-its-own/,
    ],
    [
      'a tool from the page',
      {
        'src/ui/Bad.ts':
          "import { verify } from '../../tools/verify/verify.ts';\nexport const bad = verify;\n",
      },
      /src-stands-alone/,
    ],
    [
      'a test from the page',
      { 'src/ui/Bad.ts': "import { seen } from './App.test.tsx';\nexport const bad = seen;\n" },
      /src-stands-alone/,
    ],
    [
      'the worker imported',
      {
        'src/ui/Bad.ts':
          "import type { worker } from '../engine/model/model.worker.ts';\nexport type Bad = typeof worker;\n",
      },
      /workers-are-not-imported/,
    ],
    [
      'the worker started elsewhere',
      {
        'src/ui/Bad.ts':
          "export const bad = new Worker(new URL('../engine/model/model.worker.ts', import.meta.url));\n",
      },
      /src\/engine\/model\/model\.worker\.ts: a file loaded by its URL lies in the same room/,
    ],
    [
      "another room's file by its URL",
      { 'src/ui/Bad.ts': "export const bad = new URL('../mae/config.ts', import.meta.url);\n" },
      /lies in the same room/,
    ],
    [
      'a room nobody knows',
      { 'src/misc/helper.ts': size, 'src/mae/x.ts': "export * from '../misc/helper.ts';\n" },
      /rooms-are-known/,
    ],
    [
      'a room nobody knows, reached by nobody',
      { 'src/misc/helper.ts': 'export const helper = 1;\n' },
      /src\/misc\/helper\.ts: rooms-are-known/,
    ],
    [
      'a barrel',
      { 'src/mae/index.ts': "export { size } from './config.ts';\n" },
      /src\/mae\/index\.ts: no barrels/,
    ],
    [
      'a cycle of types',
      {
        'src/mae/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n",
        'src/mae/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;\n",
      },
      /no-cycles/,
    ],
    ['what is not there', { 'src/mae/a.ts': "export { b } from './gone.ts';\n" }, /imports-resolve/],
    [
      "Node's modules in the page",
      { 'src/ui/Bad.ts': "import { readFileSync } from 'node:fs';\nexport const bad = readFileSync;\n" },
      /page-has-no-node/,
    ],
  ];

  it.each(cases)('finds %s', async (_what, files, rule) => {
    const found = await violations(files);
    expect(
      found.some((violation) => rule.test(violation)),
      found.join('\n'),
    ).toBe(true);
  });
});

describe('urlReferences', () => {
  it('finds relative paths beside import.meta.url and nothing else', () => {
    const text =
      "new URL('./a.ts', import.meta.url); new URL('./b.ts', base); new URL('https://c/', import.meta.url);";
    expect(urlReferences('x.ts', text)).toEqual(['./a.ts']);
  });
});
