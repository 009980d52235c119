import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { DownloadNotice } from '../download/download-file.ts';
import type { Patience } from '../download/retry.ts';
import { readSafetensorsHeader } from '../formats/safetensors.ts';
import { writeSafetensors } from '../formats/testing/safetensors.ts';
import { dataName, deleteModel, storedModels } from '../storage/entries.ts';
import type { FileStore } from '../storage/file-store.ts';
import { memoryStore } from '../storage/memory-store.ts';
import { opfsStore } from '../storage/opfs-store.ts';
import { fakeDirectory } from '../storage/testing/opfs.ts';
import { type HubAddress, hubAddress, parseModelAddress, sourceOf } from './address.ts';
import { type DownloadPlan, type HubOptions, type ModelProgress, openFromHub, planFromHub } from './hub.ts';
import { chooseFiles } from './hub-files.ts';
import { KNOWN_MODELS, knownModel } from './hub-known.ts';
import type { RemoteFolder } from './hub-listing.ts';
import { openCheckpoint } from './open.ts';
import { HubServer } from './testing/hub-server.ts';

const MODEL = 'someone/tiny-mae';
const WEIGHTS = 'model.safetensors';
const EAGER: Patience = { waitsMs: [0, 0, 0, 0, 0], silenceMs: 10_000 };
const golden = (file: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../tools/reference/golden/patch4-16px/${file}`, import.meta.url)),
  );
const FILES = {
  'config.json': golden('config.json'),
  'preprocessor_config.json': golden('preprocessor_config.json'),
  [WEIGHTS]: golden(WEIGHTS),
  'README.md': new TextEncoder().encode('# A model'),
  'tf_model.h5': new Uint8Array(500),
};
const SIZE = FILES['config.json'].length + FILES['preprocessor_config.json'].length + FILES[WEIGHTS].length;
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

let server: HubServer;
let store: FileStore;
let address: HubAddress;

beforeEach(async () => {
  server = await HubServer.start();
  server.publish(MODEL, FILES);
  store = memoryStore();
  address = hubAddress(MODEL, { endpoint: server.endpoint });
});
afterEach(() => server.stop());

async function visit(options: Partial<HubOptions> = {}, to = address) {
  const progress: ModelProgress[] = [];
  const notices: DownloadNotice[] = [];
  const plans: DownloadPlan[] = [];
  server.asked.length = 0;
  const checkpoint = await openFromHub(to, {
    store,
    patience: EAGER,
    onProgress: (step) => progress.push(step),
    onNotice: (notice) => notices.push(notice),
    onPlan: (plan) => plans.push(plan),
    ...options,
  });
  return { checkpoint, progress, notices, plans, asked: server.asked.map(({ path }) => path) };
}

async function values(checkpoint: Checkpoint): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (const { name, shape } of checkpoint.tensors.values()) {
    const into = new Float32Array(shape.reduce((product, side) => product * side, 1));
    await checkpoint.readFloat32(name, into);
    parts.push(new Uint8Array(into.buffer));
  }
  return Buffer.concat(parts);
}

async function expectTheModel(checkpoint: Checkpoint): Promise<void> {
  const straight = await openCheckpoint(
    new Map(
      ['config.json', 'preprocessor_config.json', WEIGHTS].map((file) => [
        file,
        memorySource(file, golden(file)),
      ]),
    ),
  );
  expect(checkpoint.config).toEqual(straight.config);
  expect(checkpoint.preprocessorConfig).toEqual(straight.preprocessorConfig);
  expect((await values(checkpoint)).equals(await values(straight))).toBe(true);
}

/** The weights in two files with an index. */
async function shards(): Promise<Record<string, Uint8Array>> {
  const source = memorySource(WEIGHTS, golden(WEIGHTS));
  const tensors = [...(await readSafetensorsHeader(source)).tensors.values()];
  const written = await Promise.all(
    tensors.map(async (tensor) => {
      const values = new Float32Array(tensor.shape.reduce((product, side) => product * side, 1));
      const checkpoint = await openCheckpoint(
        new Map([
          ['config.json', memorySource('config.json', golden('config.json'))],
          [WEIGHTS, source],
        ]),
      );
      await checkpoint.readFloat32(tensor.name, values);
      return { name: tensor.name, dtype: 'F32', shape: tensor.shape, bytes: new Uint8Array(values.buffer) };
    }),
  );
  const half = Math.floor(written.length / 2);
  const parts = [written.slice(0, half), written.slice(half)];
  const name = (i: number) => `model-0000${i + 1}-of-00002.safetensors`;
  const map = parts.flatMap((part, i) => part.map((tensor) => [tensor.name, name(i)]));
  return {
    'config.json': FILES['config.json'],
    'model.safetensors.index.json': json({ weight_map: Object.fromEntries(map) }),
    ...Object.fromEntries(parts.map((part, i) => [name(i), writeSafetensors(part)])),
  };
}

describe('a model on the hub', () => {
  test('opens, and fetches what it needs and no more', async () => {
    const { checkpoint, asked } = await visit();
    await expectTheModel(checkpoint);
    expect(asked[0]).toBe(`/api/models/${MODEL}/revision/main?blobs=true`);
    const resolved = asked.filter((path) => path.includes('/resolve/'));
    expect(resolved.map((path) => path.split('/').at(-1))).toEqual([
      'config.json',
      'preprocessor_config.json',
      WEIGHTS,
    ]);
    // Everything comes from the one commit that was listed.
    for (const path of resolved) expect(path).toMatch(/\/resolve\/[0-9a-f]{40}\//);
  });

  test('says its size before the weights are downloaded', async () => {
    const seen: { plan: DownloadPlan; fetched: number }[] = [];
    const { plans } = await visit({
      onPlan: (plan) => seen.push({ plan, fetched: server.fetches(WEIGHTS).length }),
    });
    expect(plans).toEqual([]);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      fetched: 0,
      plan: {
        title: MODEL,
        totalBytes: SIZE,
        remainingBytes: FILES[WEIGHTS].length,
        exact: true,
        persistent: false,
      },
    });
    expect(seen[0]?.plan.files.find(({ name }) => name === WEIGHTS)).toEqual({
      name: WEIGHTS,
      bytes: FILES[WEIGHTS].length,
      storedBytes: 0,
    });
  });

  test('can be planned without downloading it', async () => {
    const plan = await planFromHub(address, { store, patience: EAGER });
    expect(plan).toMatchObject({ totalBytes: SIZE, remainingBytes: FILES[WEIGHTS].length });
    expect(plan.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(server.fetches(WEIGHTS)).toEqual([]);
    await visit();
    expect(await planFromHub(address, { store })).toMatchObject({ totalBytes: SIZE, remainingBytes: 0 });
  });

  test('tells how far the file and the whole model are', async () => {
    const { progress } = await visit();
    const before = SIZE - FILES[WEIGHTS].length;
    expect(progress[0]).toMatchObject({
      file: WEIGHTS,
      loadedBytes: 0,
      totalBytes: FILES[WEIGHTS].length,
      modelLoadedBytes: before,
      modelTotalBytes: SIZE,
    });
    expect(progress.at(-1)).toMatchObject({
      loadedBytes: FILES[WEIGHTS].length,
      modelLoadedBytes: SIZE,
      modelTotalBytes: SIZE,
    });
  });

  test.each([
    ['memory', () => memoryStore()],
    ['disk', () => opfsStore(fakeDirectory('sync'), async () => 1e9)],
  ])('opens a second time without any network, from %s', async (_, makeStore) => {
    store = makeStore();
    await visit();
    await server.stop();
    const { checkpoint, asked, plans } = await visit();
    await expectTheModel(checkpoint);
    expect(asked).toEqual([]);
    expect(plans[0]?.remainingBytes).toBe(0);
  });

  test('goes on at the next visit where the last one ended', async () => {
    server.fail(WEIGHTS, { cutAfter: 60_000 });
    await expect(visit({ patience: { waitsMs: [], silenceMs: 1000 } })).rejects.toMatchObject({
      code: 'network',
    });
    expect(await storedModels(store)).toMatchObject([{ title: MODEL, complete: false }]);
    const { checkpoint, plans } = await visit();
    await expectTheModel(checkpoint);
    expect(plans[0]).toMatchObject({ totalBytes: SIZE, remainingBytes: FILES[WEIGHTS].length - 60_000 });
    expect(server.fetches(WEIGHTS).map(({ range }) => range)).toEqual(['bytes=60000-']);
    expect(server.fetches('config.json')).toEqual([]);
  });

  test('starts over where it was published anew meanwhile', async () => {
    server.publish(MODEL, { ...FILES, [WEIGHTS]: new Uint8Array(FILES[WEIGHTS].length) });
    server.fail(WEIGHTS, { cutAfter: 60_000 });
    await visit({ patience: { waitsMs: [], silenceMs: 1000 } }).catch(() => undefined);
    server.publish(MODEL, FILES);
    const { checkpoint, notices, plans } = await visit();
    await expectTheModel(checkpoint);
    expect(plans[0]?.remainingBytes).toBe(FILES[WEIGHTS].length);
    expect(notices.map(({ kind }) => kind)).toEqual(['changed']);
    expect(server.fetches(WEIGHTS).map(({ range }) => range)).toEqual([null]);
  });

  test('is listed with its size, and deleted', async () => {
    await visit();
    const [model] = await storedModels(store);
    expect(model).toMatchObject({ title: MODEL, source: sourceOf(address), bytes: SIZE, complete: true });
    await deleteModel(store, sourceOf(address));
    expect(await store.list()).toEqual([]);
    await expectTheModel((await visit()).checkpoint);
  });

  test('at two revisions is two models', async () => {
    const changed = { ...FILES, 'preprocessor_config.json': json({ size: 16 }) };
    server.publish(MODEL, changed, 'refs/pr/3');
    const request = parseModelAddress(`${MODEL}@refs/pr/3`, server.endpoint);
    const { checkpoint, asked } = await visit({}, request as HubAddress);
    expect(checkpoint.preprocessorConfig).toEqual({ size: 16 });
    expect(asked[0]).toContain('/revision/refs%2Fpr%2F3?');
    await expectTheModel((await visit()).checkpoint);
    expect((await storedModels(store)).map(({ title }) => title).sort()).toEqual([
      MODEL,
      `${MODEL}@refs/pr/3`,
    ]);
  });

  test('may lie in a folder of its repository', async () => {
    const inside = Object.entries(FILES).map(([name, bytes]) => [`runs/best/${name}`, bytes]);
    server.publish(MODEL, Object.fromEntries(inside));
    await expectTheModel((await visit({}, { ...address, folder: 'runs/best' })).checkpoint);
    await expect(visit()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^someone\/tiny-mae has no config\.json/),
    });
  });

  test('may be in shards', async () => {
    server.publish(MODEL, await shards());
    const { checkpoint, plans, progress } = await visit();
    expect((await values(checkpoint)).length).toBeGreaterThan(0);
    expect(plans[0]?.files.map(({ name }) => name)).toEqual([
      'config.json',
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ]);
    expect(progress.at(-1)?.modelLoadedBytes).toBe(plans[0]?.totalBytes);
    await server.stop();
    await visit();
  });

  test('lacks a shard', async () => {
    const { 'model-00002-of-00002.safetensors': _, ...rest } = await shards();
    server.publish(MODEL, rest);
    await expect(visit()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/lacks "model-00002-of-00002\.safetensors", a part of the weights/),
    });
    expect(server.fetches('model-00001-of-00002.safetensors')).toEqual([]);
  });

  test('that this page cannot run is refused before its weights are downloaded', async () => {
    server.publish(MODEL, { ...FILES, 'config.json': json({ model_type: 'vit' }) });
    await expect(visit()).rejects.toMatchObject({ code: 'config-unsupported' });
    server.publish(MODEL, { ...FILES, 'config.json': json('{').subarray(1) });
    await expect(visit()).rejects.toMatchObject({ code: 'config-invalid' });
    expect(server.fetches(WEIGHTS)).toEqual([]);
  });

  test('needs room, and says so before the weights are downloaded', async () => {
    store = memoryStore(50_000);
    await expect(visit()).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(
        /someone\/tiny-mae needs 106 kB, and the browser has 4\d\.\d kB left for this page/,
      ),
    });
    expect(server.fetches(WEIGHTS)).toEqual([]);
  });

  test('can be cancelled at its plan, while it loads, and beforehand', async () => {
    const early = new AbortController();
    await expect(visit({ signal: early.signal, onPlan: () => early.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(server.fetches(WEIGHTS)).toEqual([]);
    const late = new AbortController();
    server.fail(WEIGHTS, { slowMs: 20, pieceBytes: 10_000 });
    await expect(visit({ signal: late.signal, onProgress: () => late.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(visit({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.asked).toEqual([]);
    await expectTheModel((await visit()).checkpoint);
  });

  test('that went bad where it was stored is found out and fetched again', async () => {
    await visit();
    const weights = { source: sourceOf(address), file: WEIGHTS };
    const bad = golden(WEIGHTS);
    bad.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const writer = await store.append(dataName(weights), 0);
    await writer.write(bad);
    await writer.close();
    const { checkpoint, notices, asked } = await visit();
    await expectTheModel(checkpoint);
    expect(notices.map(({ kind, file }) => [kind, file])).toEqual([['damaged', WEIGHTS]]);
    expect(asked.filter((path) => path.includes('/resolve/'))).toHaveLength(1);
  });

  test('whose stored config was spoiled gets it again', async () => {
    await visit();
    const config = { source: sourceOf(address), file: 'config.json' };
    const writer = await store.append(dataName(config), 0);
    await writer.write(new Uint8Array(FILES['config.json'].length));
    await writer.close();
    await expectTheModel((await visit()).checkpoint);
  });

  test('that is sound but not this kind is not fetched again and again', async () => {
    server.publish(MODEL, { ...FILES, [WEIGHTS]: writeSafetensors([]) });
    await expect(visit()).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });
    await expect(visit()).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });
    expect(server.asked).toEqual([]);
  });
});

describe('the hub refuses', () => {
  const refused = (to: HubAddress) => expect(visit({}, to)).rejects;

  test('a model that does not exist', async () => {
    await refused({ ...address, repository: 'someone/nothing' }).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(
        /There is no public model someone\/nothing at http.*misspelt, or the model is private.*open them from disk/,
      ),
    });
    // It knows its models: no use in asking for every file.
    expect(server.asked).toHaveLength(1);
  });

  test('a revision that does not exist', async () => {
    await refused({ ...address, revision: 'v9' }).toMatchObject({
      code: 'not-found',
      message: 'someone/tiny-mae has no revision v9. Check the part after the @, or leave it out.',
    });
  });

  test('a model that asks for consent', async () => {
    server.gated = true;
    await refused(address).toMatchObject({
      code: 'network',
      message: expect.stringMatching(/asks for consent.*Sign in at .*open them from disk/),
    });
  });
});

describe("without the hub's listing", () => {
  test.each([0, 404, 429, 500])('a model opens all the same (%i)', async (status) => {
    server.listing = status;
    const { checkpoint, plans } = await visit();
    await expectTheModel(checkpoint);
    expect(plans[0]).toMatchObject({ totalBytes: SIZE, commit: null });
    await server.stop();
    await expectTheModel((await visit()).checkpoint);
  });

  test('a plain folder opens, and its second visit needs no network', async () => {
    for (const [name, bytes] of Object.entries(FILES)) server.plain.set(`/plain/demo/${name}`, bytes);
    const folder = parseModelAddress(`${server.endpoint}/plain/demo`);
    await expectTheModel(await openFromHub(folder, { store, patience: EAGER }));
    await server.stop();
    await expectTheModel(await openFromHub(folder, { store, patience: EAGER }));
    expect((await storedModels(store))[0]?.title).toBe('127.0.0.1/plain/demo');
  });

  test('a file of weights opens with the config beside it', async () => {
    server.plain.set('/plain/my.safetensors', FILES[WEIGHTS]);
    server.plain.set('/plain/config.json', FILES['config.json']);
    const file = parseModelAddress(`${server.endpoint}/plain/my.safetensors?token=1`);
    const checkpoint = await openFromHub(file, { store, patience: EAGER });
    expect(checkpoint.preprocessorConfig).toBeUndefined();
    expect(server.fetches('my.safetensors?token=1')).toHaveLength(1);
  });

  test('nothing at all is said clearly', async () => {
    const folder = parseModelAddress(`${server.endpoint}/plain/nothing`);
    await expect(openFromHub(folder, { store, patience: EAGER })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^127\.0\.0\.1\/plain\/nothing has no config\.json/),
    });
    await server.stop();
    await expect(openFromHub(address, { store, patience: EAGER })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/could not be downloaded/),
    });
  });
});

describe("of a folder's files", () => {
  const folder = (...names: string[]): RemoteFolder => ({
    commit: null,
    find: async (name) =>
      names.includes(name) ? { name, url: name, size: 1, sha256: null, identity: null } : undefined,
  });
  const SHARDS = 'model.safetensors.index.json';

  test.each([
    [['config.json', 'pytorch_model.bin', WEIGHTS, 'tf_model.h5'], null, WEIGHTS, false],
    [['config.json', 'pytorch_model.bin', SHARDS], null, SHARDS, true],
    [['config.json', 'pytorch_model.bin', 'tf_model.h5'], null, 'pytorch_model.bin', false],
    [['config.json', 'pytorch_model.bin.index.json'], null, 'pytorch_model.bin.index.json', true],
    [['config.json', WEIGHTS, 'pytorch_model.bin'], 'pytorch_model.bin', 'pytorch_model.bin', false],
    [['mae_visualize_vit_large.pth'], 'mae_visualize_vit_large.pth', 'mae_visualize_vit_large.pth', false],
  ])('%j with %j asked for, %j is taken', async (names, asked, taken, isIndex) => {
    expect(await chooseFiles(folder(...names), asked, 'a/b')).toMatchObject({
      weights: { name: taken },
      isIndex,
    });
  });

  test.each([
    [
      ['config.json', 'tf_model.h5'],
      null,
      /^a\/b has no weights that this page can read: none of model\.safetensors,/,
    ],
    [[WEIGHTS], null, /^a\/b has no config\.json/],
    [['config.json'], 'x.bin', /^a\/b has no file "x\.bin"/],
  ])('%j with %j asked for is refused', async (names, asked, message) => {
    await expect(chooseFiles(folder(...names), asked, 'a/b')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(message),
    });
  });
});

test('the published models are known beforehand', () => {
  expect(KNOWN_MODELS).toHaveLength(3);
  expect(knownModel('vit-mae-large')?.weights).toBe('pytorch_model.bin');
  expect(knownModel('facebook/vit-mae-huge')?.bytes).toBe(2_628_298_032);
  expect(knownModel('someone/vit-mae')).toBeUndefined();
});
