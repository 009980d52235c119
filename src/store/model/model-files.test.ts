import { describe, expect, test } from 'vitest';
import { words } from '../testing/told.ts';
import { nameOfFiles, sortFiles, takenMessages } from './model-files.ts';

function file(path: string, type = '', size = 4): File {
  const name = path.split('/').at(-1) ?? '';
  const made = new File(['x'.repeat(size)], name, { type });
  return Object.assign(made, { relativePath: `./${path}` });
}

const names = (files: readonly File[]) => files.map(({ name }) => name);

describe('files that come together', () => {
  test.each([
    'model.safetensors',
    'pytorch_model.bin',
    'mae_visualize_vit_base.pth',
    'views.pt',
    'last.ckpt',
    'tf_model.h5',
    'config.json',
  ])('%s is a model’s', (name) => {
    expect(names(sortFiles([file(name)]).model)).toEqual([name]);
  });

  test('that are no model are all images, for the decoder to judge', () => {
    const { model, images } = sortFiles([file('cat.png', 'image/png'), file('notes.txt', 'text/plain')]);
    expect(model).toEqual([]);
    expect(names(images)).toEqual(['cat.png', 'notes.txt']);
  });

  test('in a folder are the model alone: its figures belong to its description', () => {
    const sorted = sortFiles([
      file('mae/config.json', 'application/json'),
      file('mae/model.safetensors'),
      file('mae/README.md'),
      file('mae/figures/teaser.png', 'image/png'),
    ]);
    expect(names(sorted.model)).toEqual(['config.json', 'model.safetensors']);
    expect(sorted.images).toEqual([]);
    expect(words(takenMessages(sorted))).toEqual([
      'Took 2 files as a model.',
      '2 other files were left aside.',
    ]);
  });

  test('as a mixture are a model, an image, and what is left aside', () => {
    const sorted = sortFiles([
      file('weights.pth'),
      file('cat.png', 'image/png'),
      file('dog.jpg'),
      file('notes.txt'),
    ]);
    expect(names(sorted.model)).toEqual(['weights.pth']);
    expect(names(sorted.images)).toEqual(['cat.png', 'dog.jpg']);
    expect(words(takenMessages(sorted))).toEqual([
      'Took “weights.pth” as a model and opened “cat.png” as the image.',
      '2 other files were left aside.',
    ]);
  });

  test('need no explanation when all of them were taken', () => {
    expect(takenMessages(sortFiles([file('weights.pth')]))).toEqual([]);
    expect(takenMessages(sortFiles([file('cat.png', 'image/png')]))).toEqual([]);
  });
});

describe('a model’s name', () => {
  test('is its folder’s', () => {
    expect(nameOfFiles([file('my-mae/config.json'), file('my-mae/weights/a.bin')])).toBe('my-mae');
  });

  test('is that of its largest weights, without a folder', () => {
    expect(nameOfFiles([file('config.json'), file('a.bin'), file('b.bin', '', 9)])).toBe('b.bin');
    expect(nameOfFiles([file('config.json')])).toBe('config.json');
  });
});
