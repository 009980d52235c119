import { expect, test } from 'vitest';
import { PUBLISHED_PREPROCESSOR } from '../image/published.ts';
import { parseConfig } from '../mae/config.ts';
import { squareGrid } from '../mae/geometry.ts';
import { maskWithPaint, type Painted } from '../mae/manual-mask.ts';
import { torchRand } from '../mae/random.ts';
import { type NumbersInput, numbersJson, numbersOf } from './numbers.ts';

const painted: Painted = new Map([
  [3, 'kept'],
  [1, 'masked'],
  [0, 'masked'],
]);

const input: NumbersInput = {
  settings: { ratio: 0.5, seed: '2', generator: 'torch' },
  strategy: 'random',
  painted,
  masking: maskWithPaint('random', torchRand(2, 4), 0.5, painted, squareGrid(2)),
  model: {
    name: 'A model',
    config: parseConfig({ image_size: 32, patch_size: 16 }),
    preprocessor: PUBLISHED_PREPROCESSOR,
    parameters: 12,
    bytes: 48,
    device: {
      kind: 'wasm',
      label: 'WebAssembly · 1 thread',
      threads: 1,
      attention: 'fused',
      dtype: 'fp32',
    },
  },
  image: { name: 'cat [1,  2].jpg', width: 640, height: 480 },
  result: { loss: 0.25, patchErrors: Float32Array.of(0.5, 0, 1e-9, 0.125) },
  timing: { encoderMs: 12.5, decoderMs: 8 },
  interpolation: { loss: 0.375, patchErrors: Float32Array.of(0.75, 0, 0, 0), ms: 30 },
};

test('holds what made the result, and the result', () => {
  expect(numbersOf(input)).toMatchObject({
    settings: {
      mask_ratio: 0.5,
      strategy: 'random',
      seed: '2',
      generator: 'torch',
      python: 'torch.manual_seed(2); torch.rand(1, 4)',
      manual_mask: { masked: [0, 1], kept: [3] },
    },
    image: { name: 'cat [1,  2].jpg', width: 640, height: 480 },
    kept: 2,
    patches: 4,
    noise: Array.from(torchRand(2, 4)),
    mask: [1, 1, 0, 0],
    loss: 0.25,
    loss_per_patch: [0.5, 0, Math.fround(1e-9), 0.125],
    timing: { encoder_ms: 12.5, decoder_ms: 8 },
    interpolation: {
      method: 'harmonic inpainting',
      loss: 0.375,
      loss_per_patch: [0.75, 0, 0, 0],
      ms: 30,
    },
  });
  const { ids_keep, ids_restore } = numbersOf(input);
  expect(ids_keep.map((id) => ids_restore[id])).toEqual([0, 1]);
});

test('is JSON that reads back, with short lists on one line', () => {
  const numbers = numbersOf(input);
  const text = numbersJson(numbers);
  expect(JSON.parse(text)).toEqual(numbers);
  expect(text).toContain('"mask": [1, 1, 0, 0],');
  expect(text).toContain('"manual_mask": {\n      "masked": [0, 1],');
  expect(text.endsWith('}\n')).toBe(true);
});

test('says what was computed in, and why it is not what was asked for', () => {
  const device = {
    ...input.model.device,
    dtype: 'fp32',
    dtypeReason: { key: 'fp16-not-on-wasm', params: { running: 'fp32' } },
  } as const;
  const numbers = numbersOf({ ...input, model: { ...input.model, device } });
  expect(JSON.parse(numbersJson(numbers)).device).toMatchObject({
    dtype: 'fp32',
    dtypeReason:
      'float16 is for WebGPU: WebAssembly would compute in float32 all the same. The model runs in float32 instead.',
  });
});

test('says null where there is nothing to say', () => {
  const numbers = numbersOf({
    ...input,
    result: { ...input.result, loss: null },
    timing: null,
    interpolation: null,
  });
  expect(JSON.parse(numbersJson(numbers))).toMatchObject({ loss: null, timing: null, interpolation: null });
});
