import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storedModels } from '../storage/entries.ts';
import { type HubAddress, parseModelAddress } from './address.ts';
import { openFromHub } from './hub.ts';
import { EAGER, expectTheModel, FILES, HubVisits, SIZE, WEIGHTS } from './testing/hub-visits.ts';

let hub: HubVisits;
beforeEach(async () => {
  hub = await HubVisits.start();
});
afterEach(() => hub.server.stop());

describe('the hub refuses', () => {
  const refused = (to: HubAddress) => expect(hub.visit({}, to)).rejects;

  test('a model that does not exist', async () => {
    await refused({ ...hub.address, repository: 'someone/nothing' }).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(
        /There is no public model someone\/nothing at http.*misspelt, or the model is private.*open them from disk/,
      ),
    });
    // It knows its models: no use in asking for every file.
    expect(hub.server.asked).toHaveLength(1);
  });

  test('a revision that does not exist', async () => {
    await refused({ ...hub.address, revision: 'v9' }).toMatchObject({
      code: 'not-found',
      message: 'someone/tiny-mae has no revision v9. Check the part after the @, or leave it out.',
    });
  });

  test('a model that asks for consent', async () => {
    hub.server.gated = true;
    await refused(hub.address).toMatchObject({
      code: 'network',
      message: expect.stringMatching(/asks for consent.*Sign in at .*open them from disk/),
    });
  });
});

describe("without the hub's listing", () => {
  test.each([0, 404, 429, 500])('a model opens all the same (%i)', async (status) => {
    hub.server.listing = status;
    const { checkpoint, plans } = await hub.visit();
    await expectTheModel(checkpoint);
    expect(plans[0]).toMatchObject({ totalBytes: SIZE, commit: null });
    await hub.server.stop();
    await expectTheModel((await hub.visit()).checkpoint);
  });

  test('a plain folder opens, and its second visit needs no network', async () => {
    for (const [name, bytes] of Object.entries(FILES)) hub.server.plain.set(`/plain/demo/${name}`, bytes);
    const folder = parseModelAddress(`${hub.server.endpoint}/plain/demo`);
    await expectTheModel(await openFromHub(folder, { store: hub.store, patience: EAGER }));
    await hub.server.stop();
    await expectTheModel(await openFromHub(folder, { store: hub.store, patience: EAGER }));
    expect((await storedModels(hub.store))[0]?.title).toBe('127.0.0.1/plain/demo');
  });

  test('a file of weights opens with the config beside it', async () => {
    hub.server.plain.set('/plain/my.safetensors', FILES[WEIGHTS]);
    hub.server.plain.set('/plain/config.json', FILES['config.json']);
    const file = parseModelAddress(`${hub.server.endpoint}/plain/my.safetensors?token=1`);
    const checkpoint = await openFromHub(file, { store: hub.store, patience: EAGER });
    expect(checkpoint.preprocessorConfig).toBeUndefined();
    expect(hub.server.fetches('my.safetensors?token=1')).toHaveLength(1);
  });

  test('a folder opens by the page that lists it', async () => {
    const page = new TextEncoder().encode('<html><a href="my.safetensors">my.safetensors</a></html>');
    hub.server.plain.set('/plain/listed/', page);
    hub.server.plain.set('/plain/listed/config.json', FILES['config.json']);
    hub.server.plain.set('/plain/listed/my.safetensors', FILES[WEIGHTS]);
    const folder = parseModelAddress(`${hub.server.endpoint}/plain/listed/`);
    const checkpoint = await openFromHub(folder, { store: hub.store, patience: EAGER });
    expect(checkpoint.tensors.size).toBeGreaterThan(40);
  });

  test('a folder that has only weights of Keras says so', async () => {
    hub.server.plain.set('/plain/keras/config.json', FILES['config.json']);
    hub.server.plain.set('/plain/keras/model.weights.h5', Uint8Array.of(0));
    const folder = parseModelAddress(`${hub.server.endpoint}/plain/keras/`);
    await expect(openFromHub(folder, { store: hub.store, patience: EAGER })).rejects.toMatchObject({
      key: 'not-found/only-keras-in-folder',
    });
  });

  test('nothing at all is said clearly', async () => {
    const folder = parseModelAddress(`${hub.server.endpoint}/plain/nothing`);
    await expect(openFromHub(folder, { store: hub.store, patience: EAGER })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^127\.0\.0\.1\/plain\/nothing has no config\.json/),
    });
    await hub.server.stop();
    await expect(openFromHub(hub.address, { store: hub.store, patience: EAGER })).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/could not be downloaded/),
    });
  });
});
