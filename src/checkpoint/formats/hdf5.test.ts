import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { openCheckpoint } from '../assemble.ts';
import { type ByteSource, memorySource } from '../bytes/bytes.ts';
import type { Checkpoint, Part } from '../checkpoint.ts';
import { valueCount } from '../tensors/strided.ts';
import { readFloat32 } from '../tensors/tensors.ts';
import { readHdf5 } from './hdf5.ts';
import { expectCase } from './testing/case.ts';

const TENSORFLOW = new URL('../../../tools/reference/tensorflow/', import.meta.url);

/** What TensorFlow and h5py wrote, unpacked. */
function real(path: string): Uint8Array<ArrayBuffer> {
  const bytes = readFileSync(new URL(path, TENSORFLOW));
  return new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

function open(folder: string, needs: Part = 'all', ...without: readonly string[]): Promise<Checkpoint> {
  const files = readdirSync(new URL(`${folder}/`, TENSORFLOW), { withFileTypes: true })
    .filter((entry) => entry.isFile() && !without.includes(entry.name))
    .map(({ name }) => [name.replace(/\.gz$/, ''), real(`${folder}/${name}`)] as const)
    .map(([name, bytes]) => [name, memorySource(name, bytes)] as const);
  return openCheckpoint(new Map(files), { needs });
}

async function values(checkpoint: Checkpoint): Promise<Record<string, Float32Array>> {
  const all: Record<string, Float32Array> = {};
  for (const [name, { shape }] of checkpoint.tensors) {
    all[name] = new Float32Array(valueCount(shape));
    await checkpoint.readFloat32(name, all[name]);
  }
  return all;
}

describe('what TensorFlow saved', () => {
  test('paints as it does there', async () => {
    const checkpoint = await open('tiny');
    expect(checkpoint).toMatchObject({ framework: 'tf', part: 'all' });
    await expectCase(checkpoint, real('tiny/cases/ratio-0.75.safetensors.gz'));
  });

  test.each(['sharded', 'safetensors'])('is the same model when it is %s', async (folder) => {
    const checkpoint = await open(folder);
    expect(checkpoint.framework).toBe('tf');
    expect(await values(checkpoint)).toEqual(await values(await open('tiny')));
  });

  test('may be the encoder alone', async () => {
    await expect(open('encoder')).rejects.toMatchObject({ key: 'checkpoint-missing-tensor/encoder-only' });
    const encoder = await open('encoder', 'encoder');
    expect(encoder).toMatchObject({ framework: 'tf', part: 'encoder' });
    const whole = Object.entries(await values(await open('tiny')));
    expect(await values(encoder)).toEqual(
      Object.fromEntries(whole.filter(([name]) => name.startsWith('vit.'))),
    );
  });

  test('may have more layers than one node has room for', async () => {
    const { tensors } = await open('deep');
    for (let i = 0; i < 11; i++) {
      const name = `vit.encoder.layer.${i}.output.dense.weight`;
      expect(tensors.get(name)?.stored?.name).toMatch(new RegExp(`/layer_\\._${i}/output/dense/kernel:0\\.`));
    }
  });

  test('has biases of query, key and value whatever its config says', async () => {
    const files = ['config.json', 'tf_model.h5'].map((name) => {
      const bytes = real(`tiny/${name === 'config.json' ? name : `${name}.gz`}`);
      const config = () =>
        JSON.stringify({ ...JSON.parse(new TextDecoder().decode(bytes)), qkv_bias: false });
      return [
        name,
        memorySource(name, name === 'config.json' ? new TextEncoder().encode(config()) : bytes),
      ] as const;
    });
    const { config, tensors } = await openCheckpoint(new Map(files));
    expect(config.qkv_bias).toBe(true);
    expect(tensors.has('vit.encoder.layer.0.attention.attention.query.bias')).toBe(true);
  });

  test('is not read beyond its records', async () => {
    const bytes = real('deep/tf_model.h5.gz');
    const records = bytes.byteLength - 4 * (await open('deep')).parameters;
    let most = 0;
    let total = 0;
    const source: ByteSource = {
      ...memorySource('tf_model.h5', bytes),
      read: async (start, end) => {
        most = Math.max(most, end - start);
        total += end - start;
        return bytes.slice(start, end);
      },
    };
    await readHdf5(source);
    expect(most).toBeLessThan(10_000);
    expect(total).toBeLessThan(3 * records);
  });
});

describe('an HDF5 file', () => {
  test('may hold other types, and things that are no tensors', async () => {
    const { tensors } = await readHdf5(memorySource('types.h5', real('others/types.h5.gz')));
    const types = Object.fromEntries(
      [...tensors].map(([name, { dtype, shape }]) => [name, [dtype, ...shape]]),
    );
    expect(types).toEqual({
      'types/f2': ['F16', 2, 3],
      'types/f4': ['F32', 2, 3],
      'types/f8': ['F64', 2, 3],
      'types/i1': ['I8', 2, 3],
      'types/i4': ['I32', 2, 3],
      'types/i8': ['I64', 2, 3],
      'types/u1': ['U8', 2, 3],
      compact: ['F32', 2, 3],
      empty: ['F32', 0, 3],
      scalar: ['F32'],
    });
    for (const name of ['types/f2', 'types/f4', 'types/f8', 'compact']) {
      const into = new Float32Array(6);
      const tensor = tensors.get(name);
      if (tensor !== undefined) await readFloat32(tensor, into);
      expect([...into]).toEqual([1, -2, 0.5, 3, 4, -0.25]);
    }
  });

  test.each([
    [
      'chunked',
      'checkpoint-unsupported/hdf5-chunked',
      /"vit\/vit\/layernorm\/gamma:0" in f\.h5 lies in chunks/,
    ],
    [
      'compressed',
      'checkpoint-unsupported/hdf5-compressed',
      /is compressed, which save_pretrained never does/,
    ],
    ['big-endian', 'checkpoint-unsupported/hdf5-byte-order', /is big-endian/],
    [
      'latest',
      'checkpoint-unsupported/hdf5-version',
      /newer version of HDF5's format \(\d\).*libver="latest"/,
    ],
    ['model.weights', 'checkpoint-unsupported/keras-weights', /Keras' own format.*load_weights/],
  ])('that is %s is refused by name', async (file, key, message) => {
    await expect(readHdf5(memorySource('f.h5', real(`others/${file}.h5.gz`)))).rejects.toMatchObject({
      key,
      message: expect.stringMatching(message),
    });
  });

  test('that is cut off says how much is missing', async () => {
    const bytes = real('tiny/tf_model.h5.gz');
    await expect(readHdf5(memorySource('f.h5', bytes.slice(0, -100)))).rejects.toMatchObject({
      message:
        'f.h5 is not a sound HDF5 file: it ends too early: expected 100 more bytes. Download or copy the file again.',
    });
    await expect(readHdf5(memorySource('f.h5', bytes.slice(0, 50)))).rejects.toMatchObject({
      key: 'checkpoint-malformed/hdf5-cut',
    });
  });

  test('whose root is its own child has no end', async () => {
    const bytes = real('others/types.h5.gz');
    const view = new DataView(bytes.buffer);
    // The first member of the root group, by the format: root → B-tree → first child → first entry.
    const tree = Number(view.getBigUint64(80, true));
    const node = Number(view.getBigUint64(tree + 32, true));
    view.setBigUint64(node + 16, view.getBigUint64(64, true), true);
    await expect(readHdf5(memorySource('f.h5', bytes))).rejects.toMatchObject({
      key: 'checkpoint-malformed/hdf5-endless',
    });
  });

  test('that is damaged is read or refused, and nothing else', async () => {
    const sound = real('tiny/tf_model.h5.gz');
    const damage = fc.array(fc.tuple(fc.nat(sound.byteLength - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 40,
    });
    const cut = fc.oneof({ weight: 4, arbitrary: fc.constant(sound.byteLength) }, fc.nat(sound.byteLength));
    await fc.assert(
      fc.asyncProperty(damage, cut, async (changes, length) => {
        const bytes = sound.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tensors } = await readHdf5(memorySource('f.h5', bytes.slice(0, length)));
          for (const { start, end } of tensors.values()) expect(end - start).toBeLessThanOrEqual(length);
        } catch (error) {
          expect(error).toBeInstanceOf(LensError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
