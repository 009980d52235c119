import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import { ARCHIVES, FOREIGN_FORMATS, WEIGHT_FORMATS, WEIGHT_NAMES } from '../file-names.ts';
import { FORMATS, READ_FORMATS, readTensors } from './formats.ts';
import { rawFile, writeSafetensors } from './testing/safetensors.ts';

describe('the registry', () => {
  test('has every extension that is known by name, and no other', () => {
    const named = [
      ...Object.values(WEIGHT_FORMATS).flatMap(({ extensions }) => extensions),
      ...Object.values(FOREIGN_FORMATS).flat(),
      ...Object.values(ARCHIVES).flat(),
    ];
    expect(FORMATS.flatMap(({ extensions }) => extensions).sort()).toEqual(named.sort());
    expect(new Set(named).size).toBe(named.length);
  });

  test('has a name of its own for each format', () => {
    expect(new Set(FORMATS.map(({ name }) => name)).size).toBe(FORMATS.length);
    expect(READ_FORMATS.map(({ name }) => name)).toEqual(['safetensors', 'PyTorch', 'HDF5']);
  });

  test('says which of Hugging Face’s names counts first', () => {
    expect(WEIGHT_NAMES).toEqual([
      'model.safetensors',
      'model.safetensors.index.json',
      'pytorch_model.bin',
      'pytorch_model.bin.index.json',
      'tf_model.h5',
      'tf_model.h5.index.json',
    ]);
  });

  test('makes nothing certain of a name', () => {
    for (const { extensions, sniff } of FORMATS) {
      for (const extension of extensions) {
        expect(sniff({ name: `model${extension}`, size: 100, text: '\0'.repeat(100) })).not.toBe('certain');
      }
    }
  });
});

describe('a file that could be two things', () => {
  // Its length, which comes first, then reads like the beginning of a pickle, as do 896, 1152 and 1408.
  test.each([640, 896, 1152, 1408])('is safetensors with a header of %i bytes', async (length) => {
    const sound = writeSafetensors([{ name: 'a', dtype: 'U8', shape: [2], bytes: Uint8Array.of(1, 2) }]);
    const header = new TextDecoder().decode(sound.slice(8, -2)).padEnd(length, ' ');
    const { tensors } = await readTensors(memorySource('weights', rawFile(header, Uint8Array.of(1, 2))));
    expect([...tensors.keys()]).toEqual(['a']);
  });

  test('is safetensors although it is called otherwise', async () => {
    const bytes = writeSafetensors([]);
    for (const name of ['model.onnx', 'flax_model.msgpack', 'model.ckpt.index', 'a.zip']) {
      expect((await readTensors(memorySource(name, bytes))).tensors.size).toBe(0);
    }
  });

  test('is compressed although it has a brace where safetensors has one', async () => {
    const bytes = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 4, 5, 6, 7, 0x7b, 9);
    await expect(readTensors(memorySource('mae.bin', bytes))).rejects.toMatchObject({
      key: 'checkpoint-unsupported/zstandard',
    });
  });

  test('is taken for damaged safetensors where nothing else is known of it', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0x7b, 9);
    await expect(readTensors(memorySource('mae', bytes))).rejects.toMatchObject({
      key: 'checkpoint-malformed/safetensors-header-too-long',
    });
  });
});
