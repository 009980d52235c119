import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, HubServer, sha256 } from '../sources/testing/hub-server.ts';
import { dataName, readEntry, storedModels } from '../storage/entries.ts';
import type { FileStore } from '../storage/file-store.ts';
import { memoryStore } from '../storage/memory-store.ts';
import { opfsStore } from '../storage/opfs-store.ts';
import { fakeDirectory } from '../storage/testing/opfs.ts';
import { downloadFile } from './download-file.ts';
import type { DownloadNotice } from './notice.ts';
import type { TransferProgress } from './progress.ts';
import type { RemoteFile } from './remote-file.ts';
import type { Patience } from './retry.ts';
import type { TransferOptions } from './transfer.ts';

const SOURCE = 'https://hub.example/a/b/tree/main';
const FILE = 'model.safetensors';
const BODY = new Uint8Array(300_000).map((_, i) => i * 7 + (i >> 8));
const OTHER = BODY.map((value) => value ^ 0xff);
const EAGER: Patience = { waitsMs: [0, 0, 0, 0, 0], silenceMs: 10_000 };
const KEY = { source: SOURCE, file: FILE };

let server: HubServer;
let store: FileStore;

beforeEach(async () => {
  server = await HubServer.start();
  server.plain.set(`/plain/${FILE}`, BODY);
  store = memoryStore();
});
afterEach(() => server.stop());

/** By default a file of a server that says nothing beforehand. */
function remote(known: Partial<RemoteFile> = {}): RemoteFile {
  return {
    name: FILE,
    url: `${server.endpoint}/plain/${FILE}`,
    size: null,
    sha256: null,
    identity: null,
    ...known,
  };
}
const listed = (bytes: Uint8Array = BODY) =>
  remote({ size: bytes.byteLength, sha256: sha256(bytes), identity: sha256(bytes) });

async function download(file: RemoteFile, options: TransferOptions = {}, into = store) {
  const progress: TransferProgress[] = [];
  const notices: DownloadNotice[] = [];
  const blob = await downloadFile(SOURCE, file, into, {
    patience: EAGER,
    onProgress: (step) => progress.push(step),
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  return { blob, progress, notices, kinds: notices.map(({ kind }) => kind) };
}
/** Jest's own comparison of long arrays takes seconds. */
async function expectBytes(blob: Blob, bytes: Uint8Array = BODY): Promise<void> {
  expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
}
const ranges = () => server.fetches(FILE).map(({ range }) => range);
/** Downloads a beginning and stops, as when the tab is closed. */
async function begin(file: RemoteFile, bytes: number, into = store): Promise<void> {
  server.fail(FILE, { cutAfter: bytes });
  await expect(download(file, { patience: { waitsMs: [], silenceMs: 10_000 } }, into)).rejects.toMatchObject({
    code: 'network',
  });
  server.asked.length = 0;
}

const KINDS: readonly [string, () => RemoteFile][] = [
  ['with what the hub lists', () => listed()],
  ['without a listing', () => remote()],
];

describe.each(KINDS)('a download %s', (_, file) => {
  test('gives the bytes and keeps them: the next needs no network', async () => {
    const { blob, progress } = await download(file());
    await expectBytes(blob);
    expect(progress.at(-1)).toMatchObject({
      file: FILE,
      loadedBytes: BODY.length,
      totalBytes: BODY.length,
    });
    expect(ranges()).toEqual([null]);
    await server.stop();
    const again = await download(file());
    await expectBytes(again.blob);
    expect(again.progress).toEqual([]);
  });

  test('goes on after a break', async () => {
    server.fail(FILE, { cutAfter: 100_000 }, { cutAfter: 50_000 });
    const { blob, kinds } = await download(file());
    await expectBytes(blob);
    expect(ranges()).toEqual([null, 'bytes=100000-', 'bytes=150000-']);
    expect(kinds).toEqual(['retrying', 'retrying']);
    // If-Range would need the server's permission under CORS.
    expect(server.asked.every(({ ifRange }) => ifRange === null)).toBe(true);
  });

  test('goes on at the next visit', async () => {
    await begin(file(), 100_000);
    expect((await readEntry(store, KEY))?.complete).toBe(false);
    const { blob, progress, kinds } = await download(file());
    await expectBytes(blob);
    expect(ranges()).toEqual(['bytes=100000-']);
    expect(progress[0]?.loadedBytes).toBe(100_000);
    expect(kinds).toEqual([]);
  });

  test('gives the same bytes whatever is cut, and wherever it is stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 120_000 }), { maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        async (cuts, leave, onDisk) => {
          const into = onDisk ? opfsStore(fakeDirectory('sync'), async () => null) : memoryStore();
          for (const [i, cutAfter] of cuts.entries()) {
            server.faults.set(FILE, [{ cutAfter }]);
            // Either the visitor goes away and comes back, or the page tries again by itself.
            if (leave[i] === true)
              await download(file(), { patience: { waitsMs: [], silenceMs: 10_000 } }, into).catch(
                () => undefined,
              );
          }
          const { blob } = await download(file(), {}, into);
          await expectBytes(blob);
          await expectBytes((await into.read(dataName(KEY))) ?? new Blob());
        },
      ),
      { numRuns: 30 },
    );
  });

  test('starts over where the server ignores Range', async () => {
    await begin(file(), 100_000);
    server.fail(FILE, { ignoreRange: true });
    const { blob, kinds } = await download(file());
    await expectBytes(blob);
    expect(ranges()).toEqual(['bytes=100000-']);
    expect(kinds).toEqual(['no-resume']);
  });

  test('goes on where CORS hides Content-Range', async () => {
    await begin(file(), 100_000);
    server.fail(FILE, { hidden: ['content-range'] });
    const { blob } = await download(file());
    await expectBytes(blob);
    expect(ranges()).toEqual(['bytes=100000-']);
  });

  test('stops when it is cancelled, keeps what has come, and goes on later', async () => {
    const controller = new AbortController();
    server.fail(FILE, { slowMs: 40, pieceBytes: 30_000 });
    const options = {
      signal: controller.signal,
      onProgress: ({ loadedBytes }: TransferProgress) => {
        if (loadedBytes >= 30_000) controller.abort();
      },
    };
    await expect(download(file(), options)).rejects.toMatchObject({ name: 'LensError', code: 'cancelled' });
    const part = (await store.read(dataName(KEY)))?.size ?? 0;
    expect(part).toBeGreaterThanOrEqual(30_000);
    expect(part).toBeLessThan(BODY.length);
    await expectBytes((await download(file())).blob);
    expect(ranges().at(-1)).toBe(`bytes=${part}-`);
  });

  test('starts over when the file has changed meanwhile, and says so', async () => {
    await begin(file(), 100_000);
    server.plain.set(`/plain/${FILE}`, OTHER);
    const now = file().sha256 === null ? remote() : listed(OTHER);
    const { blob, notices } = await download(now);
    await expectBytes(blob, OTHER);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ kind: 'changed', file: FILE });
    expect(notices[0]?.message).toMatch(/starts over\.$/);
  });

  test('that is asked for twice at once is downloaded once', async () => {
    const [one, two] = await Promise.all([download(file()), download(file())]);
    await expectBytes(one.blob);
    await expectBytes(two.blob);
    expect(ranges()).toEqual([null]);
  });

  test('waits out a busy server', async () => {
    server.fail(FILE, { status: 503 }, { status: 429, headers: { 'retry-after': '0' } });
    await expectBytes((await download(file())).blob);
  });

  test('does not wait as long as a server asks for', async () => {
    server.fail(FILE, { status: 429, headers: { 'retry-after': '3600' } });
    await expect(download(file())).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/status 429/),
    });
  });

  test('takes a silent connection for a broken one', async () => {
    server.fail(FILE, { silent: true });
    const { blob, kinds } = await download(file(), { patience: { waitsMs: [0], silenceMs: 100 } });
    await expectBytes(blob);
    expect(kinds).toEqual(['retrying']);
  });

  test('gives up after a bounded number of tries, and keeps what has come', async () => {
    const nothing: Fault = { cutAfter: 0 };
    server.fail(FILE, { cutAfter: 1000 }, ...Array.from({ length: 20 }, () => nothing));
    await expect(download(file())).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/broke off after 1,000 bytes: expected 299,000 more bytes/),
    });
    // The first, five further tries, and no more.
    expect(ranges()).toHaveLength(6);
    expect((await store.read(dataName(KEY)))?.size).toBe(1000);
  });

  test.each([
    [404, 'not-found', /There is no file at/],
    [403, 'network', /does not give out/],
    [501, 'network', /status 501/],
  ])('does not try %i again, and leaves nothing behind', async (status, code, message) => {
    server.fail(FILE, { status });
    await expect(download(file())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(ranges()).toHaveLength(1);
    expect(await storedModels(store)).toEqual([]);
  });

  test('does not take a web page for a file', async () => {
    server.fail(FILE, { bytes: new TextEncoder().encode('<!doctype html><html><body>Welcome') });
    await expect(download(file())).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/answered with a web page/),
    });
    expect(await storedModels(store)).toEqual([]);
  });

  test('that cannot be connected says so without trying long', async () => {
    const gone = { ...file(), url: 'http://127.0.0.1:9/model.safetensors' };
    const { port } = new URL(server.endpoint);
    await server.stop();
    await expect(
      download({ ...gone, url: `http://127.0.0.1:${port}/model.safetensors` }),
    ).rejects.toMatchObject({ code: 'network', message: expect.stringMatching(/CORS/) });
  });

  test('finds what was cut off in the store, and fetches the rest', async () => {
    await download(file());
    await (await store.append(dataName(KEY), 120_000)).close();
    const { blob, kinds } = await download(file());
    await expectBytes(blob);
    expect(ranges()).toEqual([null, 'bytes=120000-']);
    expect(kinds).toEqual(['damaged']);
  });

  test('needs room, says how much, and keeps what fitted', async () => {
    const small = memoryStore(200_000);
    await expect(download(file(), {}, small)).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(/model\.safetensors needs \d+ kB, and the browser has [\d.]+ \w+ left/),
    });
    expect((await small.read(dataName(KEY)))?.size).toBeGreaterThan(0);
  });

  test('may be empty', async () => {
    const empty = new Uint8Array();
    server.plain.set(`/plain/${FILE}`, empty);
    const now = file().sha256 === null ? remote() : listed(empty);
    expect((await download(now)).blob.size).toBe(0);
    expect((await download(now)).blob.size).toBe(0);
  });
});

describe('a download without a listing', () => {
  test('starts over where nothing tells one version from another', async () => {
    server.withoutValidators = true;
    await begin(remote(), 100_000);
    const { blob, kinds } = await download(remote());
    await expectBytes(blob);
    expect(ranges()).toEqual(['bytes=100000-', null]);
    expect(kinds).toEqual(['no-resume']);
  });

  test('whose beginning never gets further gives up', async () => {
    server.withoutValidators = true;
    server.fail(FILE, ...Array.from({ length: 40 }, () => ({ cutAfter: 1000, ignoreRange: true })));
    await expect(download(remote())).rejects.toMatchObject({ code: 'network' });
    expect(ranges().length).toBeLessThanOrEqual(6);
  });

  test('that had got everything is asked for again, because nobody can say so', async () => {
    await begin(remote(), BODY.length - 1);
    const writer = await store.append(dataName(KEY), BODY.length - 1);
    await writer.write(BODY.slice(-1));
    await writer.close();
    await expectBytes((await download(remote())).blob);
    expect(ranges()).toEqual([`bytes=${BODY.length}-`, null]);
  });
});

describe('a download with what the hub lists', () => {
  test('goes on although another machine of the CDN tags the file differently', async () => {
    await begin(listed(), 100_000);
    server.etagSuffix = '-elsewhere';
    await expectBytes((await download(listed())).blob);
    expect(ranges()).toEqual(['bytes=100000-']);
  });

  test('fetches wrong bytes again, once, and says so', async () => {
    server.fail(FILE, { bytes: OTHER });
    const { blob, notices } = await download(listed());
    await expectBytes(blob);
    expect(notices.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'damaged',
        'model.safetensors arrived damaged (its SHA-256 is not the one it should be): it is fetched again.',
      ],
    ]);
    expect(ranges()).toEqual([null, null]);
  });

  test('never gives out bytes that were wrong twice, nor keeps them', async () => {
    server.fail(FILE, { bytes: OTHER }, { bytes: OTHER });
    await expect(download(listed())).rejects.toMatchObject({
      code: 'checkpoint-malformed',
      message: expect.stringMatching(/arrived damaged twice .*SHA-256.* not used\. Try again later/),
    });
    expect(ranges()).toHaveLength(2);
    expect(await storedModels(store)).toEqual([]);
    await expectBytes((await download(listed())).blob);
  });

  test.each([
    ['too short', BODY.subarray(0, 1000), /1,000 of 300,000 bytes came/],
    ['too long', new Uint8Array(400_000), /more than 300,000 bytes came/],
  ])('does not take a file that is %s', async (_, bytes, message) => {
    server.fail(FILE, { bytes });
    const { blob, notices } = await download(listed());
    await expectBytes(blob);
    expect(notices.map(({ kind }) => kind)).toEqual(['damaged']);
    expect(notices[0]?.message).toMatch(message);
  });

  test('finds that the beginning which it kept was wrong', async () => {
    await begin(listed(), 100_000);
    const writer = await store.append(dataName(KEY), 0);
    await writer.write(OTHER.slice(0, 100_000));
    await writer.close();
    const { blob, kinds } = await download(listed());
    await expectBytes(blob);
    expect(kinds).toEqual(['damaged']);
    expect(ranges()).toEqual(['bytes=100000-', null]);
  });

  test('that had got everything only checks it', async () => {
    await begin(listed(), BODY.length - 1);
    const writer = await store.append(dataName(KEY), BODY.length - 1);
    await writer.write(BODY.slice(-1));
    await writer.close();
    await expectBytes((await download(listed())).blob);
    expect(ranges()).toEqual([]);
  });

  test('replaces a finished file that has changed', async () => {
    await download(listed());
    server.plain.set(`/plain/${FILE}`, OTHER);
    const { blob, kinds } = await download(listed(OTHER));
    await expectBytes(blob, OTHER);
    expect(kinds).toEqual(['changed']);
  });
});
