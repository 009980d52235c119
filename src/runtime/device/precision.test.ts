import { describe, expect, test } from 'vitest';
import type { Closeness, PrecisionChoice } from '../../engine/engine.ts';
import {
  choosePrecision,
  closenessOf,
  kindObstacle,
  LARGE_MODEL,
  type PrecisionDevice,
  REDUCED_PRECISION,
} from './precision.ts';

const wasm: PrecisionDevice = { kind: 'wasm' };
const halves: PrecisionDevice = { kind: 'webgpu', float16: true };
const noHalves: PrecisionDevice = { kind: 'webgpu', float16: 'This graphics device has no float16.' };

const choose = (
  device: PrecisionDevice,
  wanted: PrecisionChoice,
  closeness: Closeness = {},
  parameters = LARGE_MODEL,
) => choosePrecision({ wanted, parameters, closeness }, device);

describe('automatic', () => {
  test('a small model runs in float32 everywhere', () => {
    for (const device of [wasm, halves, noHalves])
      expect(choose(device, 'auto', { int8: 60, float16: 60 }, LARGE_MODEL - 1)).toEqual({
        precision: 'float32',
      });
  });

  test('a large one takes int8 on WebAssembly only where that was measured and is close', () => {
    expect(choose(wasm, 'auto').precision).toBe('float32');
    expect(choose(wasm, 'auto', { int8: 39.9 }).precision).toBe('float32');
    expect(choose(wasm, 'auto', { int8: 40 }).precision).toBe('int8');
    expect(choose(wasm, 'auto', { float16: 60 }).precision).toBe('float32');
  });

  test('and float16 on a graphics device that has it, unless it was measured to be far off', () => {
    expect(choose(halves, 'auto').precision).toBe('float16');
    expect(choose(halves, 'auto', { float16: 30 }).precision).toBe('float32');
    expect(choose(noHalves, 'auto', { float16: 60 }).precision).toBe('float32');
  });
});

describe('by hand', () => {
  test('is what it is where the device has it', () => {
    expect(choose(wasm, 'int8')).toEqual({ precision: 'int8' });
    expect(choose(halves, 'float16', { float16: 10 })).toEqual({ precision: 'float16' });
    for (const device of [wasm, halves]) expect(choose(device, 'float32')).toEqual({ precision: 'float32' });
  });

  test.each([
    [wasm, 'float16', /float16 is for WebGPU/],
    [halves, 'int8', /int8 is for WebAssembly/],
    [noHalves, 'float16', /has no float16.*float32 instead/],
  ] as const)('else float32 with the reason', (device, wanted, reason) => {
    const chosen = choose(device, wanted);
    expect(chosen.precision).toBe('float32');
    expect(chosen.reason).toMatch(reason);
  });
});

test('what was measured counts for weights of that size alone', () => {
  const known = [
    { parameters: 10, bytes: 40, closeness: { int8: 45 } },
    { parameters: 10, bytes: 20, closeness: { int8: 44 } },
  ];
  expect(closenessOf({ parameters: 10, bytes: 20 }, known)).toEqual({ int8: 44 });
  expect(closenessOf({ parameters: 11, bytes: 20 }, known)).toEqual({});
  expect(closenessOf({ parameters: 10, bytes: 20 }, [])).toEqual({});
});

test('each kind of device runs what it has beside float32, and not what the other has', () => {
  expect(kindObstacle(REDUCED_PRECISION.wasm, 'wasm')).toBeNull();
  expect(kindObstacle(REDUCED_PRECISION.webgpu, 'webgpu')).toBeNull();
  expect(kindObstacle(REDUCED_PRECISION.wasm, 'webgpu')).toMatch(/for WebAssembly/);
  expect(kindObstacle(REDUCED_PRECISION.webgpu, 'wasm')).toMatch(/for WebGPU/);
});
