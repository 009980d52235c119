import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/bytes.ts';
import { writeZip } from './testing/zip.ts';
import { findWeights, readWeights } from './weights.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const sources = (...names: readonly string[]) =>
  new Map(names.map((name) => [name, memorySource(name, new Uint8Array())]));

describe('the file of weights', () => {
  test.each([
    [['pytorch_model.bin', 'tf_model.h5', 'model.safetensors'], 'model.safetensors'],
    [['pytorch_model.bin', 'model.safetensors.index.json'], 'model.safetensors.index.json'],
    [['pytorch_model.bin.index.json', 'pytorch_model.bin'], 'pytorch_model.bin'],
    [['pytorch_model-00001-of-00002.bin', 'pytorch_model.bin.index.json'], 'pytorch_model.bin.index.json'],
    [['mae_visualize_vit_base.pth'], 'mae_visualize_vit_base.pth'],
    [['mine.pth', 'mine.safetensors'], 'mine.safetensors'],
    [['README.md', '.gitattributes', 'LICENSE', 'vocab.txt', 'mine.pt', 'sample.png'], 'mine.pt'],
    [
      [
        'pytorch_model (1).bin',
        'config.json',
        'training_args.bin',
        'optimizer.pt',
        'scheduler.pt',
        'rng_state_0.pth',
      ],
      'pytorch_model (1).bin',
    ],
    [['epoch=3.ckpt', 'events.csv'], 'epoch=3.ckpt'],
    [['config.json', 'tf_model.h5'], 'tf_model.h5'],
    [['tf_model-00001-of-00002.h5', 'tf_model.h5.index.json'], 'tf_model.h5.index.json'],
    [['a.weights.h5', 'b.h5'], 'b.h5'],
    [['config.json', 'checkpoint', 'ckpt.data-00000-of-00001', 'ckpt.index'], 'ckpt.data-00000-of-00001'],
    [['config.json', 'README.md', 'weights'], 'weights'],
  ])('among %j is %s', (names, expected) => {
    expect(findWeights(sources(...names)).name).toBe(expected);
  });

  test.each([
    [
      ['a.pth', 'b.pth'],
      'It is not clear which file holds the weights: "a.pth" or "b.pth". Choose one of them, with its config.json.',
    ],
    [
      ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'],
      'A file is missing: pytorch_model.bin.index.json, which says how "pytorch_model-00001-of-00002.bin" and ' +
        '"pytorch_model-00002-of-00002.bin" belong together. Choose all files of the model together (given: ' +
        '"pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin").',
    ],
    [
      ['config.json', 'training_args.bin'],
      'A file is missing: the weights (model.safetensors). Choose all files of the model together (given: ' +
        '"config.json", "training_args.bin").',
    ],
    [['one', 'two'], 'A file is missing: the weights (model.safetensors).'],
  ])('among %j is none', (names, message) => {
    expect(() => findWeights(sources(...names))).toThrow(
      expect.objectContaining({ code: 'not-found', message: expect.stringContaining(message) }),
    );
  });
});

const USE_SAFETENSORS =
  'Use model.safetensors, pytorch_model.bin or tf_model.h5 of the same model; where it has none, load it in Python and ' +
  'save it with save_pretrained.';

describe('a file of another kind is refused by its name', () => {
  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['empty.pth', new Uint8Array(), 'empty.pth is empty. Download or copy the file again.'],
    [
      'model.safetensors',
      bytesOf('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      'model.safetensors is a Git LFS pointer that stands for the real file. Fetch that with "git lfs pull", or download ' +
        "it from the model's page.",
    ],
    [
      'pytorch_model.bin',
      bytesOf('\n<!DOCTYPE html><html>'),
      'pytorch_model.bin is a web page, which was saved instead of the weights. Download the file itself again.',
    ],
    [
      'mae.pth',
      bytesOf('<?xml version="1.0"?><Error>'),
      'mae.pth is an XML text, probably the error message of a server. Download the file itself again.',
    ],
    [
      'older.pth',
      bytesOf(`${'\0'.repeat(257)}ustar`),
      "older.pth is a tar archive, which was PyTorch's format before version 0.2.",
    ],
    [
      'whole.keras',
      writeZip([
        { name: 'config.json', data: '' },
        { name: 'model.weights.h5', data: '' },
      ]),
      "whole.keras is in Keras' own format (.weights.h5, .keras), which does not keep the names of the weights.",
    ],
    [
      'mae.keras',
      bytesOf('\0'),
      "mae.keras is in Keras' own format (.weights.h5, .keras), which does not keep the names of the weights.",
    ],
    [
      'model.ckpt.index',
      bytesOf('\0'),
      `model.ckpt.index is a part of a TensorFlow checkpoint. ${USE_SAFETENSORS}`,
    ],
    ['ckpt.index', bytesOf('\0'), `ckpt.index is a part of a TensorFlow checkpoint. ${USE_SAFETENSORS}`],
    [
      'model.ckpt-1000.data-00000-of-00001',
      bytesOf('\0'),
      `is a part of a TensorFlow checkpoint. ${USE_SAFETENSORS}`,
    ],
    [
      'flax_model.msgpack',
      bytesOf('\x82'),
      `flax_model.msgpack is in Flax's format (MessagePack). ${USE_SAFETENSORS}`,
    ],
    ['w.npy', bytesOf('\x93NUMPY\x01'), 'w.npy is a NumPy array (.npy).'],
    [
      'w.npz',
      writeZip([{ name: 'a.npy', data: '' }]),
      'w.npz holds NumPy arrays (.npz). Save the weights as safetensors or with torch.save.',
    ],
    [
      'model.onnx',
      bytesOf('\x08\x08'),
      `model.onnx is an ONNX graph, and this page builds its graphs itself, from the weights. ${USE_SAFETENSORS}`,
    ],
    ['model.gguf', bytesOf('GGUF'), `model.gguf is in llama.cpp's format (GGUF). ${USE_SAFETENSORS}`],
    [
      'model.tflite',
      bytesOf('\x1c\0\0\0TFL3'),
      `model.tflite is a TensorFlow Lite model. ${USE_SAFETENSORS}`,
    ],
    [
      'mae.zip',
      writeZip([{ name: 'mae/config.json', data: '' }]),
      'mae.zip is a zip archive with the files of a model in it. Unpack it and choose the files themselves.',
    ],
    [
      'photos.zip',
      writeZip([{ name: 'a.jpg', data: '' }]),
      'photos.zip is a zip archive, and not one of PyTorch. Choose the file that holds the weights.',
    ],
    [
      'mae.pth.gz',
      bytesOf('\x1f\x8b\x08'),
      'mae.pth.gz is compressed with gzip. Unpack it and choose what is in it.',
    ],
    [
      'mae.pth.zst',
      bytesOf('\x28\xb5\x2f\xfd'),
      'mae.pth.zst is compressed with Zstandard. Unpack it and choose what is in it.',
    ],
    [
      'mae.7z',
      bytesOf('7z\xbc\xaf\x27\x1c'),
      'mae.7z is a 7-Zip archive. Unpack it and choose what is in it.',
    ],
    [
      'scaler.bin',
      bytesOf('\x80\x04\x95'),
      'scaler.bin is a bare Python pickle, which was not written by torch.save.',
    ],
    [
      'weights.bin',
      bytesOf('\x89PNG\r\n'),
      'weights.bin is an image or a document. Choose the file that holds the weights.',
    ],
    [
      'weights.bin',
      new Uint8Array(100),
      '"weights.bin" is neither a safetensors, a PyTorch nor an HDF5 file.',
    ],
  ])('%s', async (name, bytes, message) => {
    await expect(readWeights(memorySource(name, bytes), new Map())).rejects.toMatchObject({
      name: 'LensError',
      message: expect.stringContaining(message),
    });
  });
});
