import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../mae/config.ts';
import { chooseBackend } from './backend.ts';
import { loadNodeRuntime } from './node-runtime.ts';

const config = parseConfig({});
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)';

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
      adapter(true, async () => ({ lost: new Promise(() => undefined) })),
      'auto',
      /would run on the processor/,
    ],
  ] as const)('%s', async (_, gpu, choice, reason) => {
    browser(gpu);
    const { report, form } = await chooseBackend(choice, config, loadNodeRuntime);
    expect(report).toMatchObject({ kind: 'wasm', label: 'WebAssembly · 1 thread', threads: 1 });
    expect(report.reason).toMatch(reason);
    expect(form.attention).toBe('fused');
  });

  test('a phone of Apple, unless WebGPU was chosen by hand', async () => {
    browser(undefined, phone);
    expect((await chooseBackend('auto', config, loadNodeRuntime)).report.reason).toMatch(/iPhone and iPad/);
    expect((await chooseBackend('webgpu', config, loadNodeRuntime)).report.reason).toMatch(/has no WebGPU/);
  });
});

test('WebAssembly by choice needs no reason', async () => {
  browser(undefined);
  expect((await chooseBackend('wasm', config, loadNodeRuntime)).report.reason).toBeUndefined();
});

test('the device is opened without subgroups', async () => {
  let features: unknown;
  browser(
    adapter(true, async (...[descriptor]: { requiredFeatures?: unknown }[]) => {
      features = descriptor?.requiredFeatures;
      return { lost: new Promise(() => undefined) };
    }),
  );
  await chooseBackend('auto', config, loadNodeRuntime);
  expect(features).toEqual(['shader-f16']);
});
