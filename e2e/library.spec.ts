/**
 * The library as others get it: packed, unpacked into an empty folder, and used in Node, in a page that Vite builds, and
 * by a plain script beside the built site. All three must paint as the page does.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { serveStatic } from '../tools/browser/static-server.ts';
import { librarySize } from '../tools/library/size.ts';

const SAMPLE = 'astronaut';
/** Gzipped, without the runtime, the processor, and what only a model from the hub needs. */
const MOST_BYTES = 60_000;
/** Decoders and threads differ a little between the three. */
const DIGITS = 4;

/** What the page computed when its samples were made. */
const { loss: LOSS } = JSON.parse(readFileSync(`public/samples/results/${SAMPLE}.json`, 'utf8')) as {
  readonly loss: number;
};

/** In every place the same: the sample under seed 2, and what a wrong argument is answered with. */
const usage = (model: string, image: string) => `
  const processor = await AutoImageProcessor.from_pretrained(${model});
  const model = await ViTMAEForPreTraining.from_pretrained(${model}, { device: 'wasm' });
  const inputs = await processor(${image});
  const { loss, logits, mask } = await model({ ...inputs, generator: { seed: 2, library: 'torch' } });
  const wrong = await model({ ...inputs, noize: 1 }).catch((error) => error);
  await model.dispose();
  const result = { loss: loss.item(), logits: logits.dims, mask: mask.dims, code: wrong.code, message: wrong.message };
`;
const DEPENDENCIES = ['@bufbuild/protobuf', '@xenova/transformers', 'hash-wasm', 'onnxruntime-web', 'zod'];
const IMPORTS = 'AutoImageProcessor, ViTMAEForPreTraining';

interface Result {
  readonly loss: number;
  readonly logits: readonly number[];
  readonly mask: readonly number[];
  readonly code: string;
  readonly message: string;
}

function expectRight(result: Result): void {
  expect(result.loss).toBeCloseTo(LOSS, DIGITS);
  expect(result.logits).toEqual([1, 196, 768]);
  expect(result.mask).toEqual([1, 196]);
  expect(result.code).toBe('argument-invalid');
  // The sentences of errors came along.
  expect(result.message).toContain('takes no "noize"');
}

async function resultOf(page: Page): Promise<Result> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await expect
    .poll(async () => errors[0] ?? (await page.evaluate(() => 'result' in globalThis)), { timeout: 45_000 })
    .toBe(true);
  return page.evaluate(() => (globalThis as unknown as { result: Result }).result);
}

let folder = '';

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mae-lens-package-'));
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'mae-lens')]);
  // What it depends on is taken from here: an installation would need a network.
  for (const name of DEPENDENCIES) {
    mkdirSync(join(modules, dirname(name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name), 'junction');
  }
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.describe('the library, packed', () => {
  test('is small, and brings its types and no sources', () => {
    const own = join(folder, 'node_modules/mae-lens');
    const files = readdirSync(own, { recursive: true, encoding: 'utf8' });
    expect(librarySize(join(own, 'dist-library')).model).toBeLessThan(MOST_BYTES);
    expect(files).toContain(join('dist-library', 'types', 'vitmae', 'index.d.ts'));
    expect(files.filter((file) => /(?<!\.d)\.tsx?$|\.wasm$/.test(file))).toEqual([]);
    const { dependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    // No part of the page.
    expect(Object.keys(dependencies)).toEqual(DEPENDENCIES);
  });

  test('runs in Node, without a browser', () => {
    const [model, image] = ['public/models/demo', `public/samples/${SAMPLE}.jpg`].map((path) =>
      JSON.stringify(resolve(path)),
    );
    const script = `import { ${IMPORTS} } from 'mae-lens';${usage(model ?? '', image ?? '')}
      console.log(JSON.stringify(result));`;
    writeFileSync(join(folder, 'node.mjs'), script);
    const output = execFileSync(process.execPath, ['node.mjs'], { cwd: folder, encoding: 'utf8' });
    expectRight(JSON.parse(output) as Result);
  });

  test('has types that a strict project compiles with', () => {
    const script = `import { ${IMPORTS}, ViTMAEConfig, type ViTMAEForPreTrainingOutput } from 'mae-lens';
      const model = new ViTMAEForPreTraining(new ViTMAEConfig({ num_hidden_layers: 2 }), { seed: 1 });
      const processor = await AutoImageProcessor.from_pretrained('facebook/vit-mae-base');
      const outputs: ViTMAEForPreTrainingOutput = await model(await processor(new Blob()));
      const [loss, logits] = await model({ ...(await processor(new Blob())), return_dict: false });
      export const dims: readonly number[] | undefined = (loss ?? outputs.loss ?? logits).dims;`;
    writeFileSync(join(folder, 'types.ts'), script);
    const options =
      '--noEmit --strict --skipLibCheck --module esnext --target es2022 --moduleResolution bundler';
    const tsc = resolve('node_modules/typescript/bin/tsc');
    execFileSync(
      process.execPath,
      [tsc, ...options.split(' '), '--lib', 'es2023,dom,dom.iterable', 'types.ts'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
  });

  test('runs in a page that Vite has built', async ({ page }) => {
    const app = join(folder, 'app');
    mkdirSync(join(app, 'public'), { recursive: true });
    cpSync('public/models/demo', join(app, 'public/model'), { recursive: true });
    cpSync(`public/samples/${SAMPLE}.jpg`, join(app, 'public/image.jpg'));
    writeFileSync(join(app, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
    writeFileSync(
      join(app, 'main.js'),
      `import { ${IMPORTS} } from 'mae-lens';${usage("'./model/'", "'./image.jpg'")}globalThis.result = result;`,
    );
    await build({ root: app, base: './', configFile: false, logLevel: 'error', build: { target: 'es2022' } });
    const server = await serveStatic(join(app, 'dist'), '/deep/');
    try {
      await page.goto(server.url);
      expectRight(await resultOf(page));
    } finally {
      await server.close();
    }
  });

  test('runs as a plain script beside the built site', async ({ page }) => {
    await page.route('**/plain.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><img src="samples/${SAMPLE}.jpg"><script type="module">
          import { ${IMPORTS} } from './mae-lens.js';
          ${usage("'./models/demo'", "document.querySelector('img')")}
          globalThis.result = result;</script>`,
      }),
    );
    await page.goto('plain.html');
    expectRight(await resultOf(page));
  });
});
