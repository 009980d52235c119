import { describe, expect, test } from 'vitest';
import {
  type CacheEntry,
  dataName,
  deleteModel,
  readComplete,
  readEntry,
  storedModels,
  writeEntry,
  writeManifest,
} from './entries.ts';
import type { FileStore } from './file-store.ts';
import { localLock } from './lock.ts';
import { memoryStore } from './memory-store.ts';
import { openFileStore } from './open-store.ts';
import { opfsStore } from './opfs-store.ts';
import { keepFiles } from './persistence.ts';
import { fakeDirectory } from './testing/opfs.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const content = async (store: FileStore, name: string) => {
  const blob = await store.read(name);
  return blob === undefined ? undefined : [...new Uint8Array(await blob.arrayBuffer())];
};
async function put(store: FileStore, name: string, values: Uint8Array<ArrayBuffer>, keep = 0): Promise<void> {
  const writer = await store.append(name, keep);
  await writer.write(values);
  await writer.close();
}

const STORES: readonly [string, (quota?: number) => FileStore][] = [
  ['memory', memoryStore],
  ['disk, in a worker', (quota) => opfsStore(fakeDirectory('sync', quota), async () => quota ?? null)],
  ['disk, on a page', (quota) => opfsStore(fakeDirectory('copy', quota), async () => quota ?? null)],
];

describe.each(STORES)('a store in %s', (_, makeStore) => {
  test('has no file that nobody wrote', async () => {
    const store = makeStore();
    expect(await store.read('a')).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await store.delete('a');
  });

  test('appends, keeps the beginning that it is told to keep, and starts over', async () => {
    const store = makeStore();
    await put(store, 'a', bytes(1, 2, 3));
    await put(store, 'a', bytes(4, 5), 3);
    expect(await content(store, 'a')).toEqual([1, 2, 3, 4, 5]);
    await put(store, 'a', bytes(9), 2);
    expect(await content(store, 'a')).toEqual([1, 2, 9]);
    const writer = await store.append('a', 3);
    await writer.write(bytes(7));
    await writer.restart();
    await writer.write(bytes(8));
    await writer.close();
    await writer.close();
    expect(await content(store, 'a')).toEqual([8]);
  });

  test('does not hold on to the bytes that it was given', async () => {
    const store = makeStore();
    const buffer = bytes(1, 2);
    const writer = await store.append('a', 0);
    await writer.write(buffer);
    buffer.fill(0);
    await writer.close();
    expect(await content(store, 'a')).toEqual([1, 2]);
  });

  test('lists sizes and dates, and deletes one by one', async () => {
    const store = makeStore();
    const before = Date.now();
    await put(store, 'a', bytes(1, 2, 3));
    await put(store, 'b', bytes());
    expect((await store.list()).map(({ name, size }) => [name, size])).toEqual([
      ['a', 3],
      ['b', 0],
    ]);
    for (const { modified } of await store.list()) expect(modified).toBeGreaterThanOrEqual(before - 1000);
    await store.delete('a');
    expect((await store.list()).map(({ name }) => name)).toEqual(['b']);
  });

  test('says that it is full, and keeps what fitted', async () => {
    const store = makeStore(4);
    const writer = await store.append('a', 0);
    await writer.write(bytes(1, 2, 3));
    await expect(writer.write(bytes(4, 5))).rejects.toMatchObject({
      name: 'LensError',
      code: 'storage-full',
      message: expect.stringMatching(/not enough storage.*Delete models.*try again/),
    });
    await writer.close();
    expect((await content(store, 'a'))?.slice(0, 3)).toEqual([1, 2, 3]);
  });

  test('lets one work at a time under one name', async () => {
    const store = makeStore();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      store.exclusive('a', undefined, work('1')),
      store.exclusive('a', undefined, work('2')),
    ]);
    expect(results).toEqual(['1', '2']);
    expect(events).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
  });
});

test('only a store on disk outlives the page', () => {
  expect(STORES.map(([, make]) => make().persistent)).toEqual([false, true, true]);
});

describe('a lock', () => {
  test('is given back by a failure', async () => {
    const lock = localLock();
    await expect(lock('a', undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lock('a', undefined, async () => 1)).toBe(1);
  });

  test('lets who waits give up, and keeps the order of the others', async () => {
    const lock = localLock();
    const controller = new AbortController();
    let release: () => void = () => undefined;
    const first = lock('a', undefined, () => new Promise<void>((resolve) => (release = resolve)));
    const second = lock('a', controller.signal, async () => expect.unreachable());
    let third = false;
    const last = lock('a', undefined, async () => {
      third = true;
    });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(third).toBe(false);
    release();
    await Promise.all([first, last]);
    expect(third).toBe(true);
  });

  test('does not wait for other names', async () => {
    const lock = localLock();
    const never = lock('a', undefined, () => new Promise(() => undefined));
    expect(await lock('b', undefined, async () => 2)).toBe(2);
    void never;
  });
});

describe('what is known of files', () => {
  const entry = (file: string, size: number, more: Partial<CacheEntry> = {}): CacheEntry => ({
    source: 'https://hub.example/a/b/tree/main',
    file,
    size,
    sha256: null,
    identity: null,
    validator: null,
    complete: true,
    ...more,
  });
  async function store(...entries: CacheEntry[]): Promise<FileStore> {
    const files = memoryStore();
    for (const each of entries) {
      await put(files, dataName(each), new Uint8Array(each.size ?? 0));
      await writeEntry(files, each);
    }
    return files;
  }
  const remote = (name: string) => ({ name, url: '', size: null, sha256: null, identity: null });

  test('can be read again, by the file it belongs to', async () => {
    const a = entry('a.bin', 3, { validator: '"x"', sha256: 'ff' });
    const files = await store(a, entry('b.bin', 4));
    expect(await readEntry(files, a)).toEqual(a);
    expect(await readEntry(files, { ...a, source: 'elsewhere' })).toBeUndefined();
    expect((await readComplete(files, a))?.blob.size).toBe(3);
  });

  test('does not call complete what is shorter than it was, or was never finished', async () => {
    const a = entry('a.bin', 3);
    const files = await store(a, entry('b.bin', 4, { complete: false }));
    await (await files.append(dataName(a), 2)).close();
    expect(await readComplete(files, a)).toBeUndefined();
    expect(await readComplete(files, entry('b.bin', 4))).toBeUndefined();
  });

  test.each(['{"source":', '{"source": 3}', ''])('counts for nothing when it says %j', async (text) => {
    const a = entry('a.bin', 3);
    const files = await store(a);
    const name = (await files.list()).find((file) => file.name.endsWith('.entry.json'))?.name ?? '';
    await put(files, name, new TextEncoder().encode(text));
    expect(await readEntry(files, a)).toBeUndefined();
    expect(await storedModels(files)).toEqual([]);
  });

  test('groups the files by model, with sizes, and tells whether it opens offline', async () => {
    const source = 'https://hub.example/c/d/tree/main';
    const files = await store(
      entry('config.json', 10),
      entry('model.safetensors', 1000),
      entry('config.json', 20, { source }),
      entry('pytorch_model.bin', 500, { source, complete: false }),
    );
    await put(files, dataName(entry('pytorch_model.bin', 0, { source })), new Uint8Array(200));
    const manifest = (of: string, title: string, ...names: string[]) =>
      writeManifest(files, { source: of, title, commit: null, files: names.map(remote) });
    await manifest(source, 'c/d', 'config.json', 'pytorch_model.bin');
    await manifest(entry('', 0).source, 'a/b', 'config.json', 'model.safetensors');
    const models = await storedModels(files);
    expect(models.map(({ title }) => title).sort()).toEqual(['a/b', 'c/d']);
    expect(models.find(({ title }) => title === 'a/b')).toMatchObject({ bytes: 1010, complete: true });
    expect(models.find(({ title }) => title === 'c/d')).toMatchObject({
      source,
      bytes: 220,
      complete: false,
      files: [
        { file: 'pytorch_model.bin', bytes: 200, totalBytes: 500, complete: false },
        { file: 'config.json', bytes: 20, totalBytes: 20, complete: true },
      ],
    });

    await deleteModel(files, source);
    expect((await storedModels(files)).map(({ title }) => title)).toEqual(['a/b']);
    expect(await files.list()).toHaveLength(5);
    await deleteModel(files, 'unknown');
    expect(await files.list()).toHaveLength(5);
  });
});

describe('where there is no browser', () => {
  test('the store is in memory, and nothing can be kept', async () => {
    expect((await openFileStore()).persistent).toBe(false);
    expect(await keepFiles()).toBe(false);
  });
});
