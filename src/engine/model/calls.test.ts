import { expect, test } from 'vitest';
import { randomMasking } from '../../mae/masking.ts';
import { buffersOf, type CallsOn, callOf, callsBy, MODEL_CALLS, sent } from './calls.ts';

const masking = randomMasking([0.3, 0.1, 0.4, 0.2], 0.5);
const { idsKeep, idsRestore, mask } = masking;

test('every call is a method, and comes with its name', async () => {
  const asked: unknown[] = [];
  const calls = callsBy<string>((name, image, input) => {
    asked.push([name, image, input]);
    return Promise.reject(new Error(name));
  });
  expect(Object.keys(calls)).toEqual(Object.keys(MODEL_CALLS));
  await expect(calls.reconstruct('a', masking)).rejects.toThrow('reconstruct');
  await expect(calls.predict('b', [masking])).rejects.toThrow('predict');
  expect(asked).toEqual([
    ['reconstruct', 'a', masking],
    ['predict', 'b', [masking]],
  ]);
});

test('a call by its name is the method’s own, on its own object', async () => {
  class Painter {
    readonly loss = 0.25;
    async reconstruct() {
      const { loss } = this;
      return {
        reconstruction: new Uint8ClampedArray(),
        patchErrors: new Float32Array(),
        loss,
        encoderMs: 1,
        decoderMs: 1,
      };
    }
    async predict() {
      return { predictions: [], encoderMs: 1, decoderMs: 1 };
    }
  }
  const calls: CallsOn<string> = new Painter();
  expect(await callOf(calls, 'reconstruct', 'a', masking)).toMatchObject({ loss: 0.25 });
});

test('only what the model needs crosses to the worker', () => {
  const more = { ...masking, settings: { seed: '2' } };
  expect(sent('reconstruct', more)).toEqual({ idsKeep, idsRestore, mask });
  expect(sent('predict', [more, more])).toEqual([
    { idsKeep, idsRestore, mask },
    { idsKeep, idsRestore, mask },
  ]);
});

test('an answer gives away each piece of its memory once', () => {
  const shared = new Float32Array(8);
  const other = new Uint8ClampedArray(4);
  const answer = {
    predictions: [{ a: shared.subarray(0, 4), loss: 1 }, { a: shared.subarray(4) }],
    other,
    n: null,
  };
  expect(buffersOf(answer)).toEqual([shared.buffer, other.buffer]);
  expect(buffersOf(3)).toEqual([]);
});
