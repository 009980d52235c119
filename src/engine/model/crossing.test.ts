import { expect, test } from 'vitest';
import { buffersOf } from '../transferred.ts';
import { type ModelCalls, type Run, runOn } from './calls.ts';
import { type RemoteRun, receiving, sending } from './crossing.ts';

/** The model's calls and one more: a line in the type, a function of the model. */
interface MoreCalls extends ModelCalls {
  scaled(by: number): { readonly parts: readonly Float32Array[] };
}

class Model {
  readonly images: Float32Array[] = [];
}

function setUp() {
  const model = new Model();
  const run = runOn<Model, MoreCalls>(model, {
    reconstruct: () => Promise.reject(new Error('not asked')),
    predict: () => Promise.reject(new Error('not asked')),
    scaled: async ({ images }, pixelValues, by) => {
      images.push(pixelValues);
      return { parts: [pixelValues.map((value) => value * by)] };
    },
  });
  const crossed: (Float32Array | null)[] = [];
  const worker = receiving<MoreCalls>(() => run);
  const remote: RemoteRun<MoreCalls> = (name, pixelValues, input) => {
    crossed.push(pixelValues);
    return worker(name, structuredClone(pixelValues), structuredClone(input));
  };
  const page: Run<MoreCalls> = sending(remote);
  return { model, page, crossed };
}

test('a call that was added to the type reaches the model and answers', async () => {
  const { page } = setUp();
  const { parts } = await page('scaled', Float32Array.of(1, 2), 3);
  expect(parts).toEqual([Float32Array.of(3, 6)]);
});

test('an image crosses once, until there is another', async () => {
  const { model, page, crossed } = setUp();
  const [image, other] = [Float32Array.of(1), Float32Array.of(2)];
  await page('scaled', image, 1);
  await page('scaled', image, 2);
  await page('scaled', other, 1);
  await page('scaled', image, 1);
  expect(crossed).toEqual([image, null, other, image]);
  expect(model.images).toEqual([image, image, other, image]);
});

test('a worker without a model says so', async () => {
  const worker = receiving<MoreCalls>(() => null);
  await expect(worker('scaled', Float32Array.of(1), 1)).rejects.toThrow(/no model/);
});

test('the memory of an answer is found wherever it lies, each once', () => {
  const numbers = new Float32Array(8);
  const panel = new Uint8ClampedArray(3);
  const answer = {
    list: [{ a: numbers.subarray(0, 4) }, { a: numbers.subarray(4) }],
    panel,
    loss: null,
    ms: 1,
  };
  expect([...buffersOf(answer)]).toEqual([numbers.buffer, panel.buffer]);
  expect([...buffersOf(numbers)]).toEqual([numbers.buffer]);
  expect([...buffersOf(null)]).toEqual([]);
});
