import { describe, expect, test } from 'vitest';
import { square } from '../../mae/testing/square.ts';
import { loadPrecomputed } from './precomputed.ts';

const ENTRY = {
  format: 'mae-lens-result/1',
  sample: 'cat',
  model: 'Demo model',
  image_size: 2,
  patch_size: 1,
  mask_ratio: 0.75,
  seed: '2',
  generator: 'torch',
  loss: 0.31,
  reconstruction: 'cat.png',
};

/** A host with these files; everything else is its front page, as single-page hosts answer. */
function source(files: Record<string, unknown>, side = 2) {
  return {
    baseUrl: 'http://localhost/samples/results/',
    fetch: async (url: string) => {
      const content = files[url.replace('http://localhost/samples/results/', '')];
      return content === undefined
        ? new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
        : new Response(JSON.stringify(content), { headers: { 'content-type': 'application/json' } });
    },
    decode: async () => ({ width: side, height: side, rgb: new Uint8ClampedArray(side * side * 3).fill(7) }),
  };
}

describe('loadPrecomputed', () => {
  test('reads settings, loss and pixels', async () => {
    const result = await loadPrecomputed('cat', source({ 'cat.json': ENTRY, 'cat.png': 1 }));
    expect(result).toMatchObject({
      modelName: 'Demo model',
      settings: { ratio: 0.75, seed: '2', generator: 'torch', sample: 'cat' },
      geometry: square(2, 1),
      loss: 0.31,
    });
    expect(result?.reconstruction.length).toBe(12);
  });

  test.each<[string, Record<string, unknown>]>([
    ['missing files', {}],
    ['another format', { 'cat.json': { ...ENTRY, format: 'other' }, 'cat.png': 1 }],
    ['a result of another sample', { 'cat.json': { ...ENTRY, sample: 'dog' }, 'cat.png': 1 }],
    ['a size that is not the image’s', { 'cat.json': { ...ENTRY, image_size: 3 }, 'cat.png': 1 }],
    ...Object.entries({
      sample: 7,
      model: null,
      image_size: 0,
      patch_size: 1.5,
      mask_ratio: 1.01,
      seed: 2,
      generator: 'jax',
      loss: '0.31',
      reconstruction: undefined,
    }).map(([key, value]): [string, Record<string, unknown>] => [
      `a wrong ${key}`,
      { 'cat.json': { ...ENTRY, [key]: value }, 'cat.png': 1 },
    ]),
    ['no object', { 'cat.json': [ENTRY], 'cat.png': 1 }],
  ])('gives nothing for %s', async (_, files) => {
    expect(await loadPrecomputed('cat', source(files))).toBeNull();
  });
});
