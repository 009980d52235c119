import { describe, expect, test } from 'vitest';
import { reasonText } from '../../base/reason.ts';
import { en } from '../../locales/en.ts';
import type { DtypeChoice, PsnrByDtype } from './choice.ts';
import {
  agreementOf,
  chooseDtype,
  type DtypeDevice,
  kindObstacle,
  LARGE_MODEL,
  REDUCED_DTYPE,
} from './dtype.ts';

const wasm: DtypeDevice = { kind: 'wasm' };
const halves: DtypeDevice = { kind: 'webgpu', fp16: true };
const noHalves: DtypeDevice = { kind: 'webgpu', fp16: { key: 'fp16-not-here', params: {} } };

const choose = (device: DtypeDevice, wanted: DtypeChoice, psnr: PsnrByDtype = {}, parameters = LARGE_MODEL) =>
  chooseDtype({ wanted, parameters, psnr }, device);

describe('automatic', () => {
  test('a small model runs in float32 everywhere', () => {
    for (const device of [wasm, halves, noHalves])
      expect(choose(device, 'auto', { q8: 60, fp16: 60 }, LARGE_MODEL - 1)).toEqual({
        dtype: 'fp32',
      });
  });

  test('a large one takes int8 on WebAssembly only where that was measured and is close', () => {
    expect(choose(wasm, 'auto').dtype).toBe('fp32');
    expect(choose(wasm, 'auto', { q8: 39.9 }).dtype).toBe('fp32');
    expect(choose(wasm, 'auto', { q8: 40 }).dtype).toBe('q8');
    expect(choose(wasm, 'auto', { fp16: 60 }).dtype).toBe('fp32');
  });

  test('and float16 on a graphics device that has it, unless it was measured to be far off', () => {
    expect(choose(halves, 'auto').dtype).toBe('fp16');
    expect(choose(halves, 'auto', { fp16: 30 }).dtype).toBe('fp32');
    expect(choose(noHalves, 'auto', { fp16: 60 }).dtype).toBe('fp32');
  });
});

describe('by hand', () => {
  test('is what it is where the device has it', () => {
    expect(choose(wasm, 'q8')).toEqual({ dtype: 'q8' });
    expect(choose(halves, 'fp16', { fp16: 10 })).toEqual({ dtype: 'fp16' });
    for (const device of [wasm, halves]) expect(choose(device, 'fp32')).toEqual({ dtype: 'fp32' });
  });

  test.each([
    [wasm, 'fp16', /float16 is for WebGPU/],
    [halves, 'q8', /int8 is for WebAssembly/],
    [noHalves, 'fp16', /cannot compute in float16.*float32 instead/],
  ] as const)('else float32 with the reason', (device, wanted, reason) => {
    const chosen = choose(device, wanted);
    expect(chosen.dtype).toBe('fp32');
    expect(chosen.reason && reasonText(chosen.reason, en)).toMatch(reason);
  });
});

test('what was measured counts for weights of that size alone', () => {
  const known = [
    { parameters: 10, bytes: 40, psnr: { q8: 45 } },
    { parameters: 10, bytes: 20, psnr: { q8: 44 } },
  ];
  expect(agreementOf({ parameters: 10, bytes: 20 }, known)).toEqual({ q8: 44 });
  expect(agreementOf({ parameters: 11, bytes: 20 }, known)).toEqual({});
  expect(agreementOf({ parameters: 10, bytes: 20 }, [])).toEqual({});
});

test('each kind of device runs what it has beside float32, and not what the other has', () => {
  expect(kindObstacle(REDUCED_DTYPE.wasm, 'wasm')).toBeNull();
  expect(kindObstacle(REDUCED_DTYPE.webgpu, 'webgpu')).toBeNull();
  expect(kindObstacle(REDUCED_DTYPE.wasm, 'webgpu')?.key).toBe('q8-not-on-webgpu');
  expect(kindObstacle(REDUCED_DTYPE.webgpu, 'wasm')?.key).toBe('fp16-not-on-wasm');
});
