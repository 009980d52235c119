import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { writePortable } from '../../tools/export/write-portable.ts';
import { LensError } from '../base/errors.ts';
import { blobSource } from '../checkpoint/bytes/bytes.ts';
import { locateEntry, readZip } from '../checkpoint/formats/zip.ts';
import { openFromFiles } from '../checkpoint/sources/files.ts';
import type { FileStore } from '../checkpoint/storage/file-store.ts';
import { memoryStore } from '../checkpoint/storage/memory-store.ts';
import { opfsStore } from '../checkpoint/storage/opfs-store.ts';
import { fakeDirectory } from '../checkpoint/storage/testing/opfs.ts';
import type { WeightType } from '../graph/placement.ts';
import { parsePreprocessorConfig } from '../image/preprocessor-config.ts';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { parseConfig } from '../mae/config.ts';
import { goldenFiles } from '../runtime/testing/golden-files.ts';
import { type ExportOrder, type ExportProgress, exportModel, exportSizes } from './export-model.ts';
import { type ExportTarget, type PickedFile, pickedTarget, removeLeftovers, storeTarget } from './target.ts';

afterEach(() => {
  vi.useRealTimers();
});

const NEVER = new AbortController().signal;

async function order(directory: string, weightType: WeightType = 'float32', files = goldenFiles(directory)) {
  const { config, preprocessorConfig } = await openFromFiles(goldenFiles(directory));
  return {
    source: { kind: 'files' as const, name: directory, files },
    model: { name: directory, config, preprocessor: parsePreprocessorConfig(preprocessorConfig) },
    weightType,
  };
}

interface Attempt {
  readonly wanted: ExportOrder;
  readonly openTarget: () => Promise<ExportTarget>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

const save = ({ wanted, openTarget, signal = NEVER, onProgress = () => undefined }: Attempt) =>
  exportModel(wanted, openTarget, { signal, onProgress });

async function unzipped(blob: Blob | null): Promise<Map<string, Uint8Array>> {
  if (blob === null) throw new Error('There is no archive.');
  const source = blobSource('archive', blob);
  const files = new Map<string, Uint8Array>();
  for (const [name, entry] of await readZip(source)) {
    const { start, end } = await locateEntry(source, entry);
    files.set(name, await source.read(start, end));
  }
  return files;
}

const failure = (attempt: Promise<unknown>): Promise<LensError> =>
  attempt.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => {
      if (error instanceof LensError) return error;
      throw error;
    },
  );

const names = async (store: FileStore) => (await store.list()).map(({ name }) => name);

describe('the archive', () => {
  test.each(['float32', 'float16'] as const)(
    'has what `npm run export` writes, in %s',
    async (weightType) => {
      const wanted = await order('patch14', weightType);
      const store = opfsStore(fakeDirectory('sync'), async () => null);
      const progress: ExportProgress[] = [];
      const blob = await save({
        wanted,
        openTarget: () => storeTarget(store),
        onProgress: (step) => progress.push(step),
      });
      const bytes = exportSizes(wanted.model)[weightType];
      expect(blob?.size).toBe(bytes);
      expect(progress[0]).toEqual({ step: 'writing', doneBytes: 0, totalBytes: bytes });
      expect(progress.at(-1)).toEqual({ step: 'writing', doneBytes: bytes, totalBytes: bytes });

      const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-archive-'));
      try {
        const checkpoint = await openFromFiles(goldenFiles('patch14'));
        const written = await writePortable(checkpoint, folder, { name: 'patch14', weightType });
        const files = await unzipped(blob);
        const inside = weightType === 'float32' ? 'patch14-onnx' : 'patch14-onnx-float16';
        expect([...files.keys()]).toEqual(written.map((name) => `${inside}/${name}`));
        expect(written).toContain('model.onnx.data');
        for (const name of written)
          expect(
            Buffer.compare(
              await readFile(path.join(folder, name)),
              files.get(`${inside}/${name}`) ?? Buffer.alloc(0),
            ),
            name,
          ).toBe(0);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );

  test('of the largest official model takes what its parameters take, to about a megabyte', () => {
    const config = parseConfig({
      hidden_size: 1280,
      num_hidden_layers: 32,
      num_attention_heads: 16,
      intermediate_size: 5120,
      patch_size: 14,
    });
    const model = { name: 'facebook/vit-mae-huge', config, preprocessor: PUBLISHED_PREPROCESSOR };
    const { float32, float16 } = exportSizes(model);
    expect(float32 / (4 * 657_074_508)).toBeCloseTo(1, 3);
    expect(float16 / (2 * 657_074_508)).toBeCloseTo(1, 3);
  });

  test('goes into a file that was picked, and nowhere else', async () => {
    const file = pickedFile();
    const wanted = await order('patch14');
    expect(await save({ wanted, openTarget: () => pickedTarget(file) })).toBeNull();
    expect(file.content.size).toBe(exportSizes(wanted.model).float32);
    expect((await unzipped(file.content)).size).toBe(5);
    expect(file.removed).toBe(false);
  });
});

describe('what goes wrong', () => {
  test('a storage that says it is too small is not written to', async () => {
    const store = memoryStore(50_000);
    const error = await failure(
      save({ wanted: await order('patch14'), openTarget: () => storeTarget(store) }),
    );
    expect(error.code).toBe('storage-full');
    expect(error.message).toMatch(
      /patch14-onnx\.zip: it takes \d+ kB, and the browser has 50\.0 kB left.*float16/s,
    );
    expect(await names(store)).toEqual([]);
  });

  test.each(['sync', 'copy'] as const)('one that runs full is cleared, and said (%s)', async (ways) => {
    const directory = fakeDirectory(ways, 50_000);
    const store = opfsStore(directory, async () => null);
    const error = await failure(
      save({ wanted: await order('patch14'), openTarget: () => storeTarget(store) }),
    );
    expect(error.code).toBe('storage-full');
    expect(error.message).toContain('not enough room to save patch14-onnx.zip');
    expect(await names(store)).toEqual([]);
    expect(directory.open.size).toBe(0);
  });

  test('so is a disk of the visitor’s, with the empty file that picking made', async () => {
    const file = pickedFile({ full: true });
    const error = await failure(
      save({ wanted: await order('patch14'), openTarget: () => pickedTarget(file) }),
    );
    expect(error).toMatchObject({ code: 'storage-full' });
    expect(file).toMatchObject({ aborted: true, removed: true });
  });

  test('a file that must not be written is said', async () => {
    const file: PickedFile = {
      ...pickedFile(),
      createWritable: () => Promise.reject(new DOMException('Not allowed.', 'NotAllowedError')),
    };
    const error = await failure(
      save({ wanted: await order('patch14'), openTarget: () => pickedTarget(file) }),
    );
    expect(error.message).toContain('model.zip cannot be written. Choose another place');
  });

  test('weights that were moved while they are read are said, and nothing is left', async () => {
    const files = goldenFiles('patch14').map((file) => {
      if (file.name !== 'model.safetensors') return file;
      const moved = new File([file], file.name);
      const slice = moved.slice.bind(moved);
      // The header can still be read.
      moved.slice = (start = 0, end = 0) => {
        const part = slice(start, end);
        if (start > 50_000)
          part.arrayBuffer = () => Promise.reject(new DOMException('Gone.', 'NotReadableError'));
        return part;
      };
      return moved;
    });
    const store = memoryStore();
    const wanted = await order('patch14', 'float32', files);
    const error = await failure(save({ wanted, openTarget: () => storeTarget(store) }));
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(
      /^model\.safetensors can no longer be read: it was moved.*Choose it again\.$/,
    );
    expect(await names(store)).toEqual([]);
  });

  test('files that are another model’s by now are not saved as the old one', async () => {
    const openTarget = vi.fn();
    const wanted = await order('patch14', 'float32', goldenFiles('patch4-16px'));
    const error = await failure(save({ wanted, openTarget }));
    expect(error.message).toContain('no longer those that it was loaded from');
    expect(openTarget).not.toHaveBeenCalled();
  });

  test('a server that cannot be reached is said', async () => {
    const wanted = {
      ...(await order('patch14')),
      source: { kind: 'url' as const, name: 'patch14', baseUrl: 'http://127.0.0.1:1/' },
    };
    expect((await failure(save({ wanted, openTarget: vi.fn() }))).code).toBe('network');
  });
});

test('cancelling clears away what was written', async () => {
  const directory = fakeDirectory('sync');
  const store = opfsStore(directory, async () => null);
  const cancelling = new AbortController();
  let written = 0;
  const error = await failure(
    save({
      wanted: await order('patch14'),
      signal: cancelling.signal,
      openTarget: async () => {
        const target = await storeTarget(store);
        return {
          ...target,
          async write(bytes) {
            await target.write(bytes);
            written += bytes.byteLength;
            if (written > 40_000) cancelling.abort();
          },
        };
      },
    }),
  );
  expect(error.code).toBe('cancelled');
  expect(written).toBeLessThan(exportSizes((await order('patch14')).model).float32);
  expect(await names(store)).toEqual([]);
  expect(directory.open.size).toBe(0);
});

test('what was handed over goes when it is an hour old', async () => {
  const store = memoryStore();
  vi.useFakeTimers({ now: 1e12 });
  await (await storeTarget(store)).finish();
  vi.setSystemTime(1e12 + 45 * 60_000);
  await (await storeTarget(store)).finish();
  expect(await removeLeftovers(store)).toBe(0);
  vi.setSystemTime(1e12 + 61 * 60_000);
  expect(await removeLeftovers(store)).toBe(1);
  expect(await names(store)).toHaveLength(1);
});

/** A file as a picker gives it. */
function pickedFile({ full = false } = {}) {
  const state = { name: 'model.zip', content: new Blob(), aborted: false, removed: false };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const methods: Omit<PickedFile, 'name'> = {
    getFile: async () => new File([state.content], state.name),
    createWritable: async () => ({
      async write(bytes) {
        if (full) throw new DOMException('Full.', 'QuotaExceededError');
        parts.push(bytes.slice());
      },
      async close() {
        state.content = new Blob(parts);
      },
      async abort() {
        state.aborted = true;
      },
    }),
    async remove() {
      state.removed = true;
    },
  };
  return Object.assign(state, methods);
}
