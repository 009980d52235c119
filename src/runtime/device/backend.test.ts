import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Reason, reasonText } from '../../base/reason.ts';
import { en } from '../../locales/en.ts';
import { parseConfig } from '../../mae/config.ts';
import { loadNodeRuntime } from '../testing/node-runtime.ts';
import { chooseBackend } from './backend.ts';
import type { DeviceChoice, DtypeChoice } from './choice.ts';

const config = parseConfig({});
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)';

const choose = (device: DeviceChoice, wanted: DtypeChoice = 'auto') =>
  chooseBackend({ device, config, dtype: { wanted, parameters: 1e8, psnr: { q8: 45 } } }, loadNodeRuntime);

function inWords(reason: Reason | undefined): string | undefined {
  return reason && reasonText(reason, en);
}

function browser(gpu: unknown, userAgent = 'test'): void {
  vi.stubGlobal('navigator', { userAgent, gpu });
}

/** An adapter as the browser's; opening its device is refused or gives something. */
function adapter(isFallbackAdapter: boolean, requestDevice: () => Promise<unknown>) {
  return {
    requestAdapter: async (): Promise<unknown> => ({
      features: new Set(['shader-f16', 'subgroups']),
      limits: {},
      info: { vendor: 'test', architecture: 'x', description: '', isFallbackAdapter },
      requestDevice,
    }),
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('chooseBackend falls back to WebAssembly and says why', () => {
  test.each([
    ['no WebGPU', undefined, 'auto', /has no WebGPU.*runs on WebAssembly instead/],
    [
      'no adapter',
      { requestAdapter: async (): Promise<unknown> => null },
      'webgpu',
      /no graphics device for it/,
    ],
    [
      'a device that cannot be opened',
      adapter(false, async () => {
        throw new Error('too many devices');
      }),
      'webgpu',
      /could not be opened: too many devices/,
    ],
    [
      'a software adapter',
      adapter(true, async () => ({ lost: new Promise(() => undefined), features: new Set() })),
      'auto',
      /would run on the processor/,
    ],
  ] as const)('%s', async (_, gpu, choice, reason) => {
    browser(gpu);
    const { report, graphOptions } = await choose(choice);
    expect(report).toMatchObject({ kind: 'wasm', label: 'WebAssembly · 1 thread', threads: 1 });
    expect(inWords(report.reason)).toMatch(reason);
    expect(graphOptions.attention).toBe('fused');
  });

  test('a phone of Apple, unless WebGPU was chosen by hand', async () => {
    browser(undefined, phone);
    expect(inWords((await choose('auto')).report.reason)).toMatch(/iPhone and iPad/);
    expect(inWords((await choose('webgpu')).report.reason)).toMatch(/has no WebGPU/);
  });
});

test('WebAssembly by choice needs no reason', async () => {
  browser(undefined);
  expect((await choose('wasm')).report.reason).toBeUndefined();
});

test('the precision is in the graph options and in the report, with the reason where it is another', async () => {
  browser(undefined);
  const automatic = await choose('wasm');
  expect([automatic.graphOptions.dtype, automatic.report.dtype]).toEqual(['q8', 'q8']);
  expect(automatic.report.dtypeReason).toBeUndefined();
  const halves = await choose('wasm', 'fp16');
  expect([halves.graphOptions.dtype, halves.report.dtype]).toEqual(['fp32', 'fp32']);
  expect(inWords(halves.report.dtypeReason)).toMatch(/float16 is for WebGPU/);
});

test('the device is opened without subgroups', async () => {
  let features: unknown;
  browser(
    adapter(true, async (...[descriptor]: { requiredFeatures?: unknown }[]) => {
      features = descriptor?.requiredFeatures;
      return { lost: new Promise(() => undefined), features: new Set() };
    }),
  );
  await choose('auto');
  expect(features).toEqual(['shader-f16']);
});
