import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../formats/testing/safetensors.ts';
import { dataName, deleteModel, storedModels } from '../storage/entries.ts';
import { memoryStore } from '../storage/memory-store.ts';
import { opfsStore } from '../storage/opfs-store.ts';
import { fakeDirectory } from '../storage/testing/opfs.ts';
import { parseModelAddress, sourceOf } from './address.ts';
import { type DownloadPlan, planFromHub } from './download-plan.ts';
import { KNOWN_MODELS, knownModel } from './hub-known.ts';
import {
  EAGER,
  expectTheModel,
  FILES,
  golden,
  HubVisits,
  json,
  MODEL,
  SIZE,
  shards,
  values,
  WEIGHTS,
} from './testing/hub-visits.ts';

let hub: HubVisits;
beforeEach(async () => {
  hub = await HubVisits.start();
});
afterEach(() => hub.server.stop());

describe('a model on the hub', () => {
  test('opens, and fetches what it needs and no more', async () => {
    const { checkpoint, asked } = await hub.visit();
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
    const { plans } = await hub.visit({
      onPlan: (plan) => seen.push({ plan, fetched: hub.server.fetches(WEIGHTS).length }),
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
    const plan = await planFromHub(hub.address, { store: hub.store, patience: EAGER });
    expect(plan).toMatchObject({ totalBytes: SIZE, remainingBytes: FILES[WEIGHTS].length });
    expect(plan.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(hub.server.fetches(WEIGHTS)).toEqual([]);
    await hub.visit();
    expect(await planFromHub(hub.address, { store: hub.store })).toMatchObject({
      totalBytes: SIZE,
      remainingBytes: 0,
    });
  });

  test('tells how far the file and the whole model are', async () => {
    const { progress } = await hub.visit();
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
    hub.store = makeStore();
    await hub.visit();
    await hub.server.stop();
    const { checkpoint, asked, plans } = await hub.visit();
    await expectTheModel(checkpoint);
    expect(asked).toEqual([]);
    expect(plans[0]?.remainingBytes).toBe(0);
  });

  test('goes on at the next visit where the last one ended', async () => {
    hub.server.fail(WEIGHTS, { cutAfter: 60_000 });
    await expect(hub.visit({ patience: { waitsMs: [], silenceMs: 1000 } })).rejects.toMatchObject({
      code: 'network',
    });
    expect(await storedModels(hub.store)).toMatchObject([{ title: MODEL, complete: false }]);
    const { checkpoint, plans } = await hub.visit();
    await expectTheModel(checkpoint);
    expect(plans[0]).toMatchObject({ totalBytes: SIZE, remainingBytes: FILES[WEIGHTS].length - 60_000 });
    expect(hub.server.fetches(WEIGHTS).map(({ range }) => range)).toEqual(['bytes=60000-']);
    expect(hub.server.fetches('config.json')).toEqual([]);
  });

  test('starts over where it was published anew meanwhile', async () => {
    hub.server.publish(MODEL, { ...FILES, [WEIGHTS]: new Uint8Array(FILES[WEIGHTS].length) });
    hub.server.fail(WEIGHTS, { cutAfter: 60_000 });
    await hub.visit({ patience: { waitsMs: [], silenceMs: 1000 } }).catch(() => undefined);
    hub.server.publish(MODEL, FILES);
    const { checkpoint, notices, plans } = await hub.visit();
    await expectTheModel(checkpoint);
    expect(plans[0]?.remainingBytes).toBe(FILES[WEIGHTS].length);
    expect(notices.map(({ kind }) => kind)).toEqual(['changed']);
    expect(hub.server.fetches(WEIGHTS).map(({ range }) => range)).toEqual([null]);
  });

  test('is listed with its size, and deleted', async () => {
    await hub.visit();
    const [model] = await storedModels(hub.store);
    expect(model).toMatchObject({ title: MODEL, source: sourceOf(hub.address), bytes: SIZE, complete: true });
    await deleteModel(hub.store, sourceOf(hub.address));
    expect(await hub.store.list()).toEqual([]);
    await expectTheModel((await hub.visit()).checkpoint);
  });

  test('at two revisions is two models', async () => {
    const changed = { ...FILES, 'preprocessor_config.json': json({ size: 16 }) };
    hub.server.publish(MODEL, changed, 'refs/pr/3');
    const request = parseModelAddress(`${MODEL}@refs/pr/3`, hub.server.endpoint);
    const { checkpoint, asked } = await hub.visit({}, request);
    expect(checkpoint.preprocessorConfig).toEqual({ size: 16 });
    expect(asked[0]).toContain('/revision/refs%2Fpr%2F3?');
    await expectTheModel((await hub.visit()).checkpoint);
    expect((await storedModels(hub.store)).map(({ title }) => title).sort()).toEqual([
      MODEL,
      `${MODEL}@refs/pr/3`,
    ]);
  });

  test('may lie in a folder of its repository', async () => {
    const inside = Object.entries(FILES).map(([name, bytes]) => [`runs/best/${name}`, bytes]);
    hub.server.publish(MODEL, Object.fromEntries(inside));
    await expectTheModel((await hub.visit({}, { ...hub.address, folder: 'runs/best' })).checkpoint);
    await expect(hub.visit()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^someone\/tiny-mae has no config\.json/),
    });
  });

  test('may be in shards', async () => {
    hub.server.publish(MODEL, await shards());
    const { checkpoint, plans, progress } = await hub.visit();
    expect((await values(checkpoint)).length).toBeGreaterThan(0);
    expect(plans[0]?.files.map(({ name }) => name)).toEqual([
      'config.json',
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
    ]);
    expect(progress.at(-1)?.modelLoadedBytes).toBe(plans[0]?.totalBytes);
    await hub.server.stop();
    await hub.visit();
  });

  test('lacks a shard', async () => {
    const { 'model-00002-of-00002.safetensors': _, ...rest } = await shards();
    hub.server.publish(MODEL, rest);
    await expect(hub.visit()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/lacks "model-00002-of-00002\.safetensors", a part of the weights/),
    });
    expect(hub.server.fetches('model-00001-of-00002.safetensors')).toEqual([]);
  });

  test('that this page cannot run is refused before its weights are downloaded', async () => {
    hub.server.publish(MODEL, { ...FILES, 'config.json': json({ model_type: 'vit' }) });
    await expect(hub.visit()).rejects.toMatchObject({ code: 'config-unsupported' });
    hub.server.publish(MODEL, { ...FILES, 'config.json': json('{').subarray(1) });
    await expect(hub.visit()).rejects.toMatchObject({ code: 'config-invalid' });
    expect(hub.server.fetches(WEIGHTS)).toEqual([]);
  });

  test('needs room, and says so before the weights are downloaded', async () => {
    hub.store = memoryStore(50_000);
    await expect(hub.visit()).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(
        /someone\/tiny-mae needs 106 kB, and the browser has 4\d\.\d kB left for this page/,
      ),
    });
    expect(hub.server.fetches(WEIGHTS)).toEqual([]);
  });

  test('can be cancelled at its plan, while it loads, and beforehand', async () => {
    const early = new AbortController();
    await expect(hub.visit({ signal: early.signal, onPlan: () => early.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(hub.server.fetches(WEIGHTS)).toEqual([]);
    const late = new AbortController();
    hub.server.fail(WEIGHTS, { slowMs: 20, pieceBytes: 10_000 });
    await expect(hub.visit({ signal: late.signal, onProgress: () => late.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(hub.visit({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(hub.server.asked).toEqual([]);
    await expectTheModel((await hub.visit()).checkpoint);
  });

  test('that went bad where it was stored is found out and fetched again', async () => {
    await hub.visit();
    const weights = { source: sourceOf(hub.address), file: WEIGHTS };
    const bad = golden(WEIGHTS);
    bad.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const writer = await hub.store.append(dataName(weights), 0);
    await writer.write(bad);
    await writer.close();
    const { checkpoint, notices, asked } = await hub.visit();
    await expectTheModel(checkpoint);
    expect(notices.map(({ kind, file }) => [kind, file])).toEqual([['damaged', WEIGHTS]]);
    expect(asked.filter((path) => path.includes('/resolve/'))).toHaveLength(1);
  });

  test('whose stored config was spoiled gets it again', async () => {
    await hub.visit();
    const config = { source: sourceOf(hub.address), file: 'config.json' };
    const writer = await hub.store.append(dataName(config), 0);
    await writer.write(new Uint8Array(FILES['config.json'].length));
    await writer.close();
    await expectTheModel((await hub.visit()).checkpoint);
  });

  test('that is sound but not this kind is not fetched again and again', async () => {
    hub.server.publish(MODEL, { ...FILES, [WEIGHTS]: writeSafetensors([]) });
    await expect(hub.visit()).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });
    await expect(hub.visit()).rejects.toMatchObject({ code: expect.stringMatching(/^checkpoint-/) });
    expect(hub.server.asked).toEqual([]);
  });
});

test('the published models are known beforehand', () => {
  expect(KNOWN_MODELS).toHaveLength(3);
  expect(knownModel('vit-mae-large')?.weights).toBe('pytorch_model.bin');
  expect(knownModel('facebook/vit-mae-huge')?.bytes).toBe(2_628_298_032);
  expect(knownModel('someone/vit-mae')).toBeUndefined();
});
