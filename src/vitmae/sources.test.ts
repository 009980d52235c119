import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HubVisits, MODEL } from '../checkpoint/sources/testing/hub-visits.ts';
import {
  AutoImageProcessor,
  env,
  type ProgressInfo,
  type ReadableDirectory,
  ViTMAEConfig,
  ViTMAEForPreTraining,
  type WritableDirectory,
} from './index.ts';
import { countSessions } from './testing/counting-runtime.ts';

const GOLDEN = fileURLToPath(new URL('../../tools/reference/golden/patch4-16px', import.meta.url));
const sessions = countSessions();
const { remoteHost, cacheDir } = env;
let hub: HubVisits;
let folder: string;

beforeEach(async () => {
  hub = await HubVisits.start();
  folder = mkdtempSync(join(tmpdir(), 'mae-lens-cache-'));
  env.remoteHost = hub.address.endpoint;
  env.cacheDir = join(folder, 'cache');
});
afterEach(async () => {
  Object.assign(env, { remoteHost, cacheDir, useCache: true });
  await hub.server.stop();
  rmSync(folder, { recursive: true });
});

describe('a model on the hub', () => {
  test('comes once, tells of it, and then opens without a network', async () => {
    const told: ProgressInfo[] = [];
    const progress_callback = (info: ProgressInfo) => told.push(info);
    const model = await ViTMAEForPreTraining.from_pretrained(MODEL, { progress_callback });
    expect(told.at(-1)).toEqual({ status: 'ready', name: MODEL });
    const done = told.filter(({ status }) => status === 'done').map(({ file }) => file);
    expect(done).toContain('model.safetensors');
    expect(told.filter(({ status }) => status === 'progress').at(-1)).toMatchObject({ progress: 100 });
    await model.dispose();
    expect(readdirSync(env.cacheDir).length).toBeGreaterThan(2);
    const asked = hub.server.asked.length;
    await (await ViTMAEForPreTraining.from_pretrained(MODEL)).dispose();
    expect(hub.server.asked.length).toBe(asked);
  });

  test('leaves nothing on disk where nothing is to be kept', async () => {
    env.useCache = false;
    expect((await ViTMAEConfig.from_pretrained(MODEL)).hidden_size).toBe(
      JSON.parse(readFileSync(`${GOLDEN}/config.json`, 'utf8')).hidden_size,
    );
    await AutoImageProcessor.from_pretrained(MODEL);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('has the revision that is asked for, or the call says that there is none', async () => {
    await (await ViTMAEForPreTraining.from_pretrained(MODEL, { revision: 'main' })).dispose();
    await expect(ViTMAEForPreTraining.from_pretrained(MODEL, { revision: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(ViTMAEForPreTraining.from_pretrained(MODEL, { revision: 'a b' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('can be given up on its way', async () => {
    const before = sessions.alive;
    const abort = new AbortController();
    const loading = ViTMAEForPreTraining.from_pretrained(MODEL, {
      signal: abort.signal,
      progress_callback: () => abort.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    expect(sessions.alive).toBe(before);
  });
});

test('a directory handle is read and written', async () => {
  const files = new Map<string, File>(
    ['config.json', 'model.safetensors'].map((name) => [
      name,
      new File([new Uint8Array(readFileSync(`${GOLDEN}/${name}`))], name),
    ]),
  );
  const handle: ReadableDirectory & WritableDirectory = {
    kind: 'directory',
    async *values() {
      for (const file of files.values()) yield { kind: 'file', getFile: async () => file };
    },
    async getFileHandle(name) {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      return {
        createWritable: async () => ({
          write: async (bytes) => {
            parts.push(bytes.slice());
          },
          close: async () => {
            files.set(name, new File(parts, name));
          },
        }),
      };
    },
  };
  const before = files.get('model.safetensors') as File;
  const model = await ViTMAEForPreTraining.from_pretrained(handle);
  const weights = (await model.save_pretrained())[1];
  await model.save_pretrained(handle);
  const saved = files.get('model.safetensors') as File;
  expect(await saved.arrayBuffer()).toEqual(await weights?.arrayBuffer());
  expect(Math.abs(saved.size - before.size)).toBeLessThan(1000);
  await model.dispose();
});
