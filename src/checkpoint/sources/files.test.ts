import { describe, expect, test } from 'vitest';
import { writeTorch } from '../formats/testing/pickle.ts';
import { modelTensors, writeSafetensors } from '../formats/testing/safetensors.ts';
import { toFacebookresearch } from '../names/testing/names.ts';
import { bytesOf, COMPLETE, type Contents, expectComplete, INFERABLE } from '../testing/contents.ts';
import { openFromFiles } from './files.ts';

const asFiles = (contents: Contents) =>
  Object.entries(contents).map(([name, content]) => new File([bytesOf(content)], name));

const TENSORS = modelTensors(INFERABLE);

describe('files that a visitor chose', () => {
  const at = (path: string, content: Uint8Array<ArrayBuffer> | string) => {
    const file = new File([content], path.replace(/^.*\//, ''));
    Object.defineProperty(file, 'webkitRelativePath', { value: path });
    return file;
  };
  const json = JSON.stringify(INFERABLE);

  test('may be a whole folder; what lies nearer to its top counts', async () => {
    const checkpoint = await openFromFiles([
      at('mae/checkpoint-500/config.json', '{"model_type": "bert"}'),
      at('mae/checkpoint-500/pytorch_model.bin', 'not read'),
      at('mae/pytorch_model.bin', writeTorch(TENSORS)),
      at('mae/config.json', json),
      at('mae/README.md', ''),
      at('mae/runs/a/events.out', ''),
      at('mae/runs/b/events.out', ''),
    ]);
    expect(checkpoint.config).toEqual(INFERABLE);
  });

  test('may not be two models', async () => {
    await expect(openFromFiles([at('a/config.json', json), at('b/config.json', json)])).rejects.toThrow(
      'Two of the files are called "config.json". Choose the files of one model only.',
    );
  });

  test('may be dropped', async () => {
    const dropped = (path: string, content: Uint8Array<ArrayBuffer> | string) =>
      Object.assign(new File([content], path.replace(/^.*\//, '')), { relativePath: `./${path}` });
    const files = [
      dropped('old/config.json', '{'),
      dropped('config.json', json),
      dropped('w.pth', writeTorch(TENSORS)),
    ];
    expect((await openFromFiles(files)).config).toEqual(INFERABLE);
  });

  test.each([
    ['w.pth', writeTorch(TENSORS)],
    ['w.bin', writeTorch(TENSORS, 'state_dict')],
    ['w.safetensors', writeSafetensors(TENSORS)],
    ['w', writeSafetensors(TENSORS)],
    ['safetensors.bin', writeSafetensors(TENSORS)],
    ['torch.safetensors', writeTorch(TENSORS)],
  ])('may be %s alone', async (name, bytes) => {
    const checkpoint = await openFromFiles([new File([bytes], name)]);
    expect(checkpoint.config).toEqual(INFERABLE);
    expect(checkpoint.assumptions).toMatch(/came without a config\.json/);
  });

  test('may be the authors’ file alone, whose epsilon and pixels are other ones', async () => {
    const bytes = writeTorch(toFacebookresearch(TENSORS), 'model');
    const checkpoint = await openFromFiles([new File([bytes], 'mae_pretrain_vit_tiny_full.pth')]);
    expect(checkpoint.config).toEqual({ ...INFERABLE, layer_norm_eps: 1e-6, norm_pix_loss: true });
    const name = 'vit.encoder.layer.0.attention.attention.value.weight';
    const into = new Float32Array(64 * 64);
    await checkpoint.readFloat32(name, into);
    expect(new Uint8Array(into.buffer)).toEqual(TENSORS.find((tensor) => tensor.name === name)?.bytes);
  });

  test('may lack a part, without a config too', async () => {
    const bytes = writeTorch(TENSORS.filter(({ name }) => name !== 'decoder.mask_token'));
    await expect(openFromFiles([new File([bytes], 'w.pth')])).rejects.toThrow(
      'w.pth lacks 1 of the 46 tensors that the rest of it asks for: "decoder.mask_token". Download or copy the file ' +
        'again, or add the config.json of the model.',
    );
  });

  test('may hold other types, which are refused when they are needed', async () => {
    const integers = TENSORS.map((tensor) =>
      tensor.name === 'decoder.mask_token'
        ? { ...tensor, dtype: 'I64', bytes: new Uint8Array(2 * tensor.bytes.byteLength) }
        : tensor,
    );
    await expect(openFromFiles([new File([writeTorch(integers)], 'w.pth')])).rejects.toMatchObject({
      code: 'checkpoint-unsupported',
      message: expect.stringContaining(
        'The tensor "decoder.mask_token" in w.pth is stored as I64, which this page',
      ),
    });
  });

  test('may be called whatever they like', async () => {
    const { 'model.safetensors': weights, ...others } = COMPLETE;
    await expectComplete(
      await openFromFiles(asFiles({ ...others, 'mine.safetensors': weights as Uint8Array })),
    );
  });

  test('may not be two of one name', async () => {
    const files = [...asFiles(COMPLETE), ...asFiles(COMPLETE)];
    await expect(openFromFiles(files)).rejects.toMatchObject({
      code: 'checkpoint-unsupported',
      message: 'Two of the files are called "config.json". Choose the files of one model only.',
    });
  });

  test('are not opened after cancelling', async () => {
    await expect(openFromFiles(asFiles(COMPLETE), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
