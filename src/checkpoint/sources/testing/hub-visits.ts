/** For tests: a small model on a small hub, and visits to it. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { openCheckpoint } from '../../assemble.ts';
import { memorySource } from '../../bytes/bytes.ts';
import type { Checkpoint } from '../../checkpoint.ts';
import type { DownloadNotice } from '../../download/notice.ts';
import type { Patience } from '../../download/retry.ts';
import { readSafetensorsHeader } from '../../formats/safetensors.ts';
import { writeSafetensors } from '../../formats/testing/safetensors.ts';
import type { FileStore } from '../../storage/file-store.ts';
import { memoryStore } from '../../storage/memory-store.ts';
import { type HubAddress, hubAddress, type ModelAddress } from '../address.ts';
import type { DownloadPlan } from '../download-plan.ts';
import { type HubOptions, type ModelProgress, openFromHub } from '../hub.ts';
import { HubServer } from './hub-server.ts';

export const MODEL = 'someone/tiny-mae';
export const WEIGHTS = 'model.safetensors';
export const EAGER: Patience = { waitsMs: [0, 0, 0, 0, 0], silenceMs: 10_000 };
export const golden = (file: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../tools/reference/golden/patch4-16px/${file}`, import.meta.url)),
  );
export const FILES = {
  'config.json': golden('config.json'),
  'preprocessor_config.json': golden('preprocessor_config.json'),
  [WEIGHTS]: golden(WEIGHTS),
  'README.md': new TextEncoder().encode('# A model'),
  'tf_model.h5': new Uint8Array(500),
};
export const SIZE =
  FILES['config.json'].length + FILES['preprocessor_config.json'].length + FILES[WEIGHTS].length;
export const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A hub with the model on it, and a browser's store that visits fill. */
export class HubVisits {
  readonly server: HubServer;
  readonly address: HubAddress;
  store: FileStore = memoryStore();

  static async start(): Promise<HubVisits> {
    const server = await HubServer.start();
    server.publish(MODEL, FILES);
    return new HubVisits(server);
  }

  private constructor(server: HubServer) {
    this.server = server;
    this.address = hubAddress(MODEL, { endpoint: server.endpoint });
  }

  /** Opens the model as a visitor does; `server.asked` then has what this visit asked for. */
  async visit(options: Partial<HubOptions> = {}, to: ModelAddress = this.address) {
    const progress: ModelProgress[] = [];
    const notices: DownloadNotice[] = [];
    const plans: DownloadPlan[] = [];
    this.server.asked.length = 0;
    const checkpoint = await openFromHub(to, {
      store: this.store,
      patience: EAGER,
      onProgress: (step) => progress.push(step),
      onNotice: (notice) => notices.push(notice),
      onPlan: (plan) => plans.push(plan),
      ...options,
    });
    return { checkpoint, progress, notices, plans, asked: this.server.asked.map(({ path }) => path) };
  }
}

/** Every value of every tensor, in one piece. */
export async function values(checkpoint: Checkpoint): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (const { name, shape } of checkpoint.tensors.values()) {
    const into = new Float32Array(shape.reduce((product, side) => product * side, 1));
    await checkpoint.readFloat32(name, into);
    parts.push(new Uint8Array(into.buffer));
  }
  return Buffer.concat(parts);
}

/** Expects that it is the model of `FILES`. */
export async function expectTheModel(checkpoint: Checkpoint): Promise<void> {
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
export async function shards(): Promise<Record<string, Uint8Array>> {
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
