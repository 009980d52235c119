import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import type { Lens } from '../lens.ts';
import { answer, FakeStorage, file, modelInfo, readyLens, settle, testLens } from '../testing/fake-engine.ts';
import { FakeModelStorage, planOf } from '../testing/fake-models.ts';
import { words } from '../testing/told.ts';
import { BUNDLED_KEY, FIELD, type ModelRow } from './models.ts';

const BASE = 'facebook/vit-mae-base';
const MIRROR = 'https://mirror.example/hub';

async function ready(models = new FakeModelStorage()) {
  const { lens, engine } = await readyLens({ models });
  const row = (name: string): ModelRow => {
    const found = lens.models.store.getState().rows.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`There is no row ${name}.`);
    return found;
  };
  return { lens, engine, models, row, state: lens.models.store.getState };
}

type Ready = Awaited<ReturnType<typeof ready>>;

/** Base is being downloaded, agreed to in its row. */
async function downloading(made: Ready): Promise<Ready> {
  const { lens, models, row } = made;
  lens.models.choose(row(BASE));
  models.plans.at(-1)?.resolve(planOf(BASE, 447_700_000));
  await settle();
  lens.models.download();
  return made;
}

describe('the list', () => {
  test('has the bundled model and the published ones, their sizes said before anything is asked', () => {
    const { lens } = testLens();
    expect(lens.models.store.getState().rows.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['Test model', null],
      [BASE, 447_631_360],
      ['facebook/vit-mae-large', 1_318_167_552],
      ['facebook/vit-mae-huge', 2_628_298_032],
    ]);
  });

  test('has what is stored when it is opened, with what it takes', async () => {
    const { lens, models, row, state } = await ready();
    models.put(BASE, 447_700_000);
    models.put('some/other@v2', 50_000_000, 20_000_000);
    lens.models.setOpen(true);
    await settle();
    expect(row(BASE).stored).toEqual({ bytes: 447_700_000, totalBytes: 447_700_000, complete: true });
    expect(row('some/other@v2').stored).toMatchObject({ bytes: 20_000_000, complete: false });
    expect(state()).toMatchObject({ storedBytes: 467_700_000, freeBytes: 24e9 });
  });

  test('does not list what a mere look at a model has left', async () => {
    const { lens, models, row, state } = await ready();
    models.put(BASE, 447_700_000, 654, 'config.json');
    models.put('some/other', 50_000_000, 654, 'config.json');
    await lens.models.refresh();
    expect(row(BASE).stored).toBeNull();
    expect(state().rows.length).toBe(4);
  });

  test('stays when the browser does not say what is stored', async () => {
    const { lens, models, state } = await ready();
    models.list = () => Promise.reject(new LensError('not-found', 'The storage is gone.'));
    await lens.models.refresh();
    expect(state().rows.length).toBe(4);
  });
});

describe('a download', () => {
  test('is told before it begins, and begins when it is agreed to', async () => {
    const { lens, engine, models, row, state } = await ready();
    const loads = engine.loads.length;
    lens.models.choose(row(BASE));
    expect(state().inquiry).toMatchObject({ spot: row(BASE).key, plan: null });
    models.plans[0]?.resolve(planOf(BASE, 447_700_000));
    await settle();
    expect(state().inquiry?.plan?.remainingBytes).toBe(447_700_000);
    expect(engine.loads.length).toBe(loads);
    expect(models.kept).toBe(0);
    lens.models.download();
    expect(models.kept).toBe(1);
    expect(engine.lastLoad.input.source).toEqual(row(BASE).source);
    expect(state().inquiry).toBeNull();
  });

  test('of what is stored needs no question', async () => {
    const { lens, engine, models, row } = await ready();
    models.put(BASE, 447_700_000);
    await lens.models.refresh();
    lens.models.choose(row(BASE));
    expect(engine.lastLoad.input.source).toEqual(row(BASE).source);
    expect(models.plans).toEqual([]);
  });

  test('that is not wanted after all is forgotten, also when its plan comes late', async () => {
    const { lens, models, row, state } = await ready();
    lens.models.choose(row(BASE));
    lens.models.dismissInquiry();
    expect(models.plans[0]?.signal?.aborted).toBe(true);
    models.plans[0]?.resolve(planOf(BASE, 1e9));
    await settle();
    expect(state().inquiry).toBeNull();
  });

  test('that is cancelled goes back to the model in use, and can be resumed', async () => {
    const made = await downloading(await ready());
    const { lens, engine, models, row } = made;
    engine.lastLoad.input.onPhase({
      phase: 'loading',
      file: 'model.safetensors',
      loadedBytes: 120e6,
      totalBytes: 447e6,
    });
    models.put(BASE, 447_700_000, 120_000_000);
    lens.cancelModel();
    expect(engine.lastLoad.input.signal?.aborted).toBe(true);
    await settle();
    const { model } = lens.store.getState();
    expect(model).toMatchObject({ phase: { phase: 'ready' }, info: { name: 'Test model' }, failure: null });
    expect(model.source.kind).toBe('url');
    expect(row(BASE).stored?.complete).toBe(false);
    lens.models.resume(row(BASE));
    expect(engine.lastLoad.input.source).toEqual(row(BASE).source);
  });

  test('leaves the page its model, its image and its settings until the new one is ready', async () => {
    const { lens, engine } = await downloading(await ready());
    lens.setRatio(0.5);
    expect(engine.lastRun.input.mask.idsKeep.length).toBe(98);
    engine.lastRun.resolve(answer(engine.lastRun.input.mask, 0.3));
    await settle();
    expect(lens.store.getState().result?.modelName).toBe('Test model');
    // Huge: patches of 14.
    engine.lastLoad.resolve(modelInfo({ name: BASE, patchSize: 14 }));
    await settle();
    const { model, image, masking, settings } = lens.store.getState();
    expect(model).toMatchObject({ info: { name: BASE }, inUse: { kind: 'hub' } });
    expect(image?.name).toBe('Cat');
    expect(settings.ratio).toBe(0.5);
    expect(masking.patches).toBe(256);
    expect(engine.lastRun.input.mask.idsKeep.length).toBe(128);
  });
});

describe('a failure', () => {
  const PRIVATE = new LensError('not-found', 'There is no public model here.');

  test('to look it up is told where it was asked, and the next try works', async () => {
    const { lens, models, state } = await ready();
    lens.models.lookUp('owner/misspelt');
    models.plans[0]?.reject(PRIVATE);
    await settle();
    expect(state()).toMatchObject({ inquiry: null, problem: { spot: FIELD, error: PRIVATE } });
    lens.models.lookUp('owner/name');
    expect(state().problem).toBeNull();
    models.plans[1]?.resolve(planOf('owner/name', 5e6));
    await settle();
    expect(state().inquiry?.plan?.title).toBe('owner/name');
  });

  test('to understand what was typed says what to type', async () => {
    const { lens, models, state } = await ready();
    lens.models.lookUp('vit-mae-base');
    expect(state().problem?.error.message).toContain('Did you mean facebook/vit-mae-base?');
    expect(models.plans).toEqual([]);
  });

  test('to load it leaves the last good model, and “try again” tries the one that failed', async () => {
    const { lens, engine, row } = await downloading(await ready());
    engine.lastLoad.reject(new LensError('checkpoint-missing-tensor', 'This holds the encoder only.'));
    await settle();
    const { model } = lens.store.getState();
    expect(model).toMatchObject({ phase: { phase: 'failed' }, info: { name: 'Test model' } });
    expect(model.source.kind).toBe('url');
    expect(lens.models.spotOf(model.failure?.source ?? model.source)).toBe(row(BASE).key);
    lens.retry();
    expect(engine.lastLoad.input.source).toEqual(row(BASE).source);
    expect(lens.store.getState().model.failure).toBeNull();
  });

  test('that was read no longer marks the model in use', async () => {
    const { lens, engine } = await downloading(await ready());
    engine.lastLoad.reject(PRIVATE);
    await settle();
    lens.dismissModelFailure();
    expect(lens.store.getState().model).toMatchObject({ phase: { phase: 'ready' }, failure: null });
  });

  test('before any model was ready brings the bundled one, and stays told', async () => {
    const models = new FakeModelStorage();
    const { lens, engine } = testLens({ models });
    lens.start();
    lens.models.openFiles([file('weights.pth')]);
    engine.lastLoad.reject(PRIVATE);
    await settle();
    expect(engine.lastLoad.input.source.kind).toBe('url');
    expect(lens.store.getState().model.failure?.error).toBe(PRIVATE);
    engine.lastLoad.resolve(modelInfo());
    await settle();
    expect(lens.store.getState().model).toMatchObject({ info: { name: 'Test model' } });
  });

  test('after another model was asked for is nobody’s business', async () => {
    const { lens, engine } = await downloading(await ready());
    const first = engine.lastLoad;
    lens.models.openFiles([file('weights.pth')]);
    first.reject(PRIVATE);
    await settle();
    expect(lens.store.getState().model).toMatchObject({ phase: { phase: 'loading' }, failure: null });
  });

  test('to delete is told in the row', async () => {
    const { lens, models, row, state } = await ready();
    models.put(BASE, 447_700_000);
    await lens.models.refresh();
    models.refusal = new LensError('storage-full', 'The browser refused.');
    await lens.models.remove(row(BASE));
    expect(state().problem).toMatchObject({ spot: row(BASE).key });
    expect(row(BASE).stored?.complete).toBe(true);
    await lens.models.remove(row(BASE));
    expect(row(BASE).stored).toBeNull();
  });
});

describe('the engine', () => {
  test('recovers the model in use while another one failed, and the page hears of it', async () => {
    const { lens, engine } = await readyLens();
    const home = engine.lastLoad;
    lens.models.openFiles([file('weights.pth')]);
    engine.lastLoad.reject(new LensError('checkpoint-malformed', 'Cut short.'));
    await settle();
    const recovered = modelInfo({ device: { ...modelInfo().device, label: 'WebAssembly, after all' } });
    home.input.onPhase({ phase: 'ready', info: recovered });
    await settle();
    expect(lens.store.getState().model.info?.device.label).toBe('WebAssembly, after all');
  });

  test('that cancels a load by itself leaves no endless progress', async () => {
    const { lens, engine } = await downloading(await ready());
    engine.lastLoad.reject(new LensError('cancelled', 'Loading was cancelled.'));
    await settle();
    expect(lens.store.getState().model).toMatchObject({ phase: { phase: 'ready' }, failure: null });
  });

  test('has a model that became ready just before another load failed: the page takes it up', async () => {
    const { lens, engine } = await readyLens();
    lens.models.openFiles([file('small.pth')]);
    const small = engine.lastLoad;
    // Its image still has to be prepared when the next model is asked for.
    small.input.onPhase({
      phase: 'ready',
      info: modelInfo({ name: 'small.pth', imageSize: 64, patchSize: 8 }),
    });
    lens.models.openFiles([file('broken.pth')]);
    engine.lastLoad.reject(new LensError('checkpoint-malformed', 'Cut short.'));
    await settle();
    const { model, masking } = lens.store.getState();
    expect(model.info?.name).toBe('small.pth');
    expect(masking.patches).toBe(64);
  });
});

describe('the hub’s address', () => {
  const problemWith = (lens: Lens, address: string) =>
    words([lens.models.setHub(address)].flatMap((problem) => problem ?? [])).join();

  test('is where names are looked up, and outlives the visit', async () => {
    const storage = new FakeStorage();
    const { lens } = testLens({ storage });
    expect(lens.models.setHub(`${MIRROR}/`)).toBeNull();
    const again = testLens({ storage }).lens.models;
    expect(again.store.getState().hub).toBe(MIRROR);
    const source = again.store.getState().rows[1]?.source;
    expect(source).toMatchObject({ kind: 'hub', address: { endpoint: MIRROR } });
    expect(again.setHub('')).toBeNull();
    expect(testLens({ storage }).lens.models.store.getState().hub).toBe('https://huggingface.co');
  });

  test.each(['mirror', 'ftp://mirror.example', 'https://mirror.example/?a=b', 'https://a b'])(
    '%s is none',
    (typed) => {
      const { lens } = testLens();
      expect(problemWith(lens, typed)).toContain('https://huggingface.co');
      expect(lens.models.store.getState().hub).toBe('https://huggingface.co');
    },
  );

  test('over http is refused where the browser would block it', () => {
    const { lens } = testLens({ secure: true });
    expect(problemWith(lens, 'http://mirror.example')).toContain('https');
    expect(lens.models.setHub('http://127.0.0.1:8080')).toBeNull();
  });

  test('that was spoiled in the storage counts as none', () => {
    const storage = new FakeStorage();
    storage.setItem('mae-lens:hub', 'javascript:alert(1)');
    expect(testLens({ storage }).lens.models.store.getState().hub).toBe('https://huggingface.co');
  });

  test('keeps the models of another one in the list', async () => {
    const { lens, models, row } = await ready();
    models.put(BASE, 447_700_000);
    await lens.models.refresh();
    lens.models.setHub(MIRROR);
    const rows = lens.models.store.getState().rows.filter(({ name }) => name === BASE);
    expect(rows.map(({ stored }) => stored?.complete ?? false)).toEqual([false, true]);
    expect(row('Test model').key).toBe(BUNDLED_KEY);
  });
});
