/**
 * `npm run verify -- --published`, the whole way: a hub's addresses, redirects and headers, the browser's storage and
 * the engine. The models under the published names are tiny, and so are their numbers, written by transformers.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { HubServer } from '../src/checkpoint/sources/testing/hub-server.ts';
import type { PublishedModel, PublishedSlice } from '../tools/verify/published.ts';
import { findModels, verifyPublished } from '../tools/verify/published-check.ts';

const BASE = 'facebook/vit-mae-base';
const LARGE = 'facebook/vit-mae-large';
const REFERENCE = 'tools/reference';

interface Fixture {
  readonly cases: readonly {
    readonly golden: string;
    readonly image: string;
    readonly generator: 'torch' | 'numpy';
    readonly seed: number;
    readonly shape: readonly number[];
    readonly slice: readonly (readonly number[])[];
  }[];
}

const file = async (name: string) => new Uint8Array(await readFile(name));
const fixture = JSON.parse(await readFile(`${REFERENCE}/fixtures/published.json`, 'utf8')) as Fixture;

let hub: HubServer;
let storage: string;

test.beforeEach(async () => {
  hub = await HubServer.start();
  storage = await mkdtemp(path.join(tmpdir(), 'mae-lens-published-'));
  const golden = async (directory: string, ...names: string[]) =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [name, await file(`${REFERENCE}/golden/${directory}/${name}`)] as const),
      ),
    );
  // As on the hub: base has safetensors, large only what PyTorch writes.
  hub.publish(
    BASE,
    await golden('patch4-16px', 'config.json', 'preprocessor_config.json', 'model.safetensors'),
  );
  hub.publish(LARGE, {
    ...(await golden('layer-norm-eps', 'config.json', 'preprocessor_config.json')),
    'pytorch_model.bin': await file(`${REFERENCE}/formats/bin/pytorch_model.bin`),
  });
  for (const { image } of fixture.cases) hub.plain.set(`/plain/${image}`, await file(`e2e/jpeg/${image}`));
});

test.afterEach(async () => {
  await hub.stop();
  await rm(storage, { recursive: true });
});

/** The numbers of a golden directory, as if they were published under a name. */
function published(
  repository: string,
  golden: string,
  change: (slice: PublishedSlice) => Partial<PublishedSlice> = () => ({}),
): PublishedModel {
  const cases = fixture.cases.filter((entry) => entry.golden === golden);
  return {
    repository,
    shape: cases[0]?.shape ?? [],
    slices: cases.map(({ image, generator, seed, slice }) => {
      const entry: PublishedSlice = {
        source: `${generator} on ${image}`,
        image: { url: `${hub.endpoint}/plain/${image}`, width: 117, height: 85 },
        generator,
        seed,
        slice,
        atol: 1e-4,
        rtol: 1e-5,
      };
      return { ...entry, ...change(entry) };
    }),
  };
}

async function verify(table: readonly PublishedModel[]) {
  const lines: string[] = [];
  const statuses: string[] = [];
  hub.asked.length = 0;
  const { passed, failed } = await verifyPublished(
    findModels(
      table.map(({ repository }) => repository),
      table,
      hub.endpoint,
    ),
    {
      device: 'wasm',
      images: null,
      storage,
      output: {
        line: (text) => lines.push(text),
        status: (text) => {
          if (text !== null) statuses.push(text);
        },
      },
    },
  );
  return { passed, failed, lines, statuses, asked: hub.asked.map(({ path: asked }) => asked) };
}

test('published numbers hold, from both formats, and a second time without a download', async () => {
  hub.fail('model.safetensors', { cutAfter: 60_000, pieceBytes: 30_000, slowMs: 100 });
  const first = await verify([published(BASE, 'patch4-16px'), published(LARGE, 'layer-norm-eps')]);
  expect(first.lines).toEqual([
    `${BASE} from ${hub.endpoint}/${BASE}/tree/main (model.safetensors, 107 kB): 106 kB to download`,
    expect.stringContaining('model.safetensors was interrupted'),
    `${BASE}: downloaded`,
    expect.stringMatching(`^# ${BASE} on WebAssembly · \\d+ threads?, fused attention$`),
    expect.stringMatching(
      `^ok   ${BASE} torch on subsampled\\.jpg logits\\[0, :3, :3\\] max \\|difference\\| [\\d.]+e-\\d+: ` +
        '(\\[(-?\\d\\.\\d{4} ?){3}\\] ?){3}$',
    ),
    expect.stringContaining(`ok   ${BASE} numpy on full-colour.png`),
    `${LARGE} from ${hub.endpoint}/${LARGE}/tree/main (pytorch_model.bin, 54.9 kB): 53.9 kB to download`,
    `${LARGE}: downloaded`,
    expect.stringContaining(`# ${LARGE} on WebAssembly`),
    expect.stringContaining(`ok   ${LARGE} torch on subsampled.jpg`),
  ]);
  expect(first).toMatchObject({ passed: 3, failed: 0 });
  expect(first.statuses).toContainEqual(expect.stringMatching(/^model\.safetensors: 107 kB of 107 kB/));
  expect(first.asked).toContainEqual(expect.stringMatching(`^/${BASE}/resolve/[0-9a-f]{40}/model\\.safe`));
  expect(hub.fetches('model.safetensors').map(({ range }) => range)).toEqual([null, 'bytes=60000-']);
  expect(hub.fetches('pytorch_model.bin')).toHaveLength(1);

  const second = await verify([published(BASE, 'patch4-16px')]);
  expect(second).toMatchObject({ passed: 2, failed: 0 });
  expect(second.lines[0]).toMatch(/: stored already$/);
  expect(second.asked.filter((asked) => !asked.startsWith('/plain/'))).toEqual([]);
});

test('what is wrong or cannot be checked fails, and says what to do', async () => {
  const second = ({ slice, generator }: PublishedSlice): Partial<PublishedSlice> =>
    generator === 'torch'
      ? { slice: slice.map((row, i) => (i === 1 ? row.map((value) => value + 3e-4) : row)) }
      : { image: { url: `${hub.endpoint}/plain/lost.png`, width: 117, height: 85 } };
  const { passed, failed, lines } = await verify([
    published(BASE, 'patch4-16px', second),
    published('facebook/vit-mae-huge', 'layer-norm-eps'),
    published('facebook/no-image', 'layer-norm-eps', () => ({
      image: { url: `${hub.endpoint}/plain/gone.jpg`, width: 117, height: 85 },
    })),
  ]);
  expect(passed).toBe(0);
  expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([
    expect.stringMatching(`^FAIL ${BASE} numpy on .*lost\\.png \\(status 404\\)\\. .* --images\\.$`),
    expect.stringMatching(
      /^FAIL .* torch on .* max \|difference\| 3\.\d+e-4: .*, published \[-0\.1475 0\.5349/,
    ),
    expect.stringContaining(
      `facebook/vit-mae-huge: There is no public model facebook/vit-mae-huge at ${hub.endpoint}`,
    ),
    expect.stringContaining('gone.jpg (status 404)'),
  ]);
  expect(failed).toBe(4);
  // The image that failed the check is a JPEG of the right size.
  expect(lines.filter((line) => line.includes('The image is a JPEG'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(' pixels and should have '))).toEqual([]);
  expect(hub.asked.filter(({ path: asked }) => asked.includes('no-image'))).toEqual([]);
});

test('the command has the real numbers, which no other model gives', async () => {
  const images = path.join(storage, 'images');
  await mkdir(images);
  await cp(
    'e2e/jpeg/subsampled.jpg',
    path.join(images, '147738734-196fd92f-9260-48d5-ba7e-bf103d29364d.jpg'),
  );
  await cp('e2e/jpeg/full-colour.png', path.join(images, '000000039769.png'));
  const options = ['--hub', hub.endpoint, '--images', images, '--storage', path.join(storage, 'profile')];
  const { code, output } = await command(['--published', BASE, ...options]);
  for (const source of ['conversion script', 'integration test'])
    expect(output).toContain(`FAIL ${BASE} ${source} logits[0, :3, :3] the logits' shape is [1, 16, 48]`);
  expect(output).toMatch(/\n0 passed, 2 failed\n$/);
  expect(code).toBe(1);
});

/** Runs `npm run verify` as a person does. */
async function command(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'tools/verify/verify.ts', ...args]);
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}
