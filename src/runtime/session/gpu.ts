import { LensError, toLensError } from '../../base/errors.ts';

/** A WebGPU device of our own. */
export interface Gpu {
  readonly device: GPUDevice;
  /** For people: vendor and architecture, as far as the browser tells. */
  readonly label: string;
  /** Whether shaders can compute in float16. */
  readonly float16: boolean;
  /** Whether the processor only plays a GPU, at a hundredth of WebAssembly's speed. */
  readonly software: boolean;
  /** Why the device is gone; null while it works. */
  lost(): string | null;
}

/** What the runtime uses where the adapter has it. `subgroups` is left out: with it attention has been wrong. */
const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'timestamp-query'];
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/**
 * Asks the browser for its fastest GPU, with all the room that it can give.
 * @throws LensError `device-unavailable` with the reason
 */
export async function requestGpu(): Promise<Gpu> {
  if (globalThis.navigator?.gpu === undefined) throw new LensError('device-unavailable/no-webgpu');
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new LensError('device-unavailable/no-graphics-device');
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    });
  } catch (error) {
    throw toLensError(error, 'device-unavailable/not-opened');
  }
  let lost: string | null = null;
  void device.lost.then((info) => {
    lost = info.message === '' ? info.reason : info.message;
  });
  const { vendor, architecture, description } = adapter.info;
  const label =
    description !== '' ? description : [vendor, architecture].filter((part) => part !== '').join(' ');
  const float16 = device.features.has('shader-f16');
  return { device, label, float16, software: adapter.info.isFallbackAdapter, lost: () => lost };
}
