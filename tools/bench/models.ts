/** The models that are measured, as folders with config.json and model.safetensors. */
import { openAsBlob, readFileSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { openFromFiles } from '../../src/checkpoint/sources/files.ts';
import { checkpointFromRecipe } from '../recipe/recipe.ts';
import type { ModelName } from './model-names.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEMO = path.join(ROOT, 'public/models/demo');
const BASE = path.join(ROOT, 'tools/reference/golden/base-size');

export interface BenchModel {
  readonly name: ModelName;
  readonly folder: string;
  /** Reads from the folder whenever a tensor is wanted. */
  readonly checkpoint: Checkpoint;
  dispose(): Promise<void>;
}

/** The weights of `base` are drawn and written into a temporary folder. */
export async function openModel(name: ModelName): Promise<BenchModel> {
  if (name === 'demo')
    return { name, folder: DEMO, checkpoint: await openFolder(DEMO), dispose: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'mae-lens-bench-'));
  const dispose = () => rm(folder, { recursive: true });
  try {
    const json = (file: string) => readFileSync(path.join(BASE, file), 'utf8');
    const config = json('config.json');
    await writeFile(path.join(folder, 'config.json'), config);
    await writeSafetensors(
      checkpointFromRecipe(JSON.parse(config), JSON.parse(json('recipe.json'))),
      path.join(folder, 'model.safetensors'),
    );
    return { name, folder, checkpoint: await openFolder(folder), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openFolder(folder: string): Promise<Checkpoint> {
  const names = ['config.json', 'model.safetensors'];
  return openFromFiles(
    await Promise.all(names.map(async (name) => new File([await openAsBlob(path.join(folder, name))], name))),
  );
}

/** In float32, tensor by tensor. */
async function writeSafetensors(checkpoint: Checkpoint, file: string): Promise<void> {
  let end = 0;
  const entries = [...checkpoint.tensors.values()].map(({ name, shape }) => {
    const elements = shape.reduce((product, size) => product * size, 1);
    const begin = end;
    end += elements * 4;
    return { name, shape, elements, begin, end };
  });
  const header = Object.fromEntries(
    entries.map(({ name, shape, begin, end }) => [name, { dtype: 'F32', shape, data_offsets: [begin, end] }]),
  );
  const text = Buffer.from(JSON.stringify({ ...header, __metadata__: { format: 'pt' } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(Buffer.concat([length, text]));
    for (const { name, elements } of entries) {
      const values = new Float32Array(elements);
      await checkpoint.readFloat32(name, values);
      await handle.writeFile(new Uint8Array(values.buffer));
    }
  } finally {
    await handle.close();
  }
}
