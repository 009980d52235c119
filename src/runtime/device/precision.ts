/** Which precision a model runs in: what was asked for where the device has it, or what is fast and close enough. */
import type { Closeness, DeviceReport, KnownCloseness, Precision, PrecisionChoice } from '../../engine/engine.ts';

/** A reconstruction whose PSNR to that of float32 is at least this, in decibels, looks the same. */
export const CLOSE_ENOUGH = 40;
/** Below this many parameters float32 is fast enough everywhere, and its numbers are the reference's. */
export const LARGE_MODEL = 50_000_000;

/** What each device has beside float32. */
export const REDUCED_PRECISION: Readonly<Record<DeviceReport['kind'], Precision>> = {
  wasm: 'int8',
  webgpu: 'float16',
};

export interface PrecisionRequest {
  readonly wanted: PrecisionChoice;
  readonly parameters: number;
  readonly closeness: Closeness;
}

/** What is known of these very weights. */
export function closenessOf(
  weights: Pick<KnownCloseness, 'parameters' | 'bytes'>,
  known: readonly KnownCloseness[],
): Closeness {
  const { parameters, bytes } = weights;
  return known.find((one) => one.parameters === parameters && one.bytes === bytes)?.closeness ?? {};
}

/** As the reference computes. */
export const IN_FLOAT32: PrecisionRequest = { wanted: 'float32', parameters: 0, closeness: {} };

/** What a device can do. */
export type PrecisionDevice =
  | { readonly kind: 'wasm' }
  /** `float16`: whether it computes in float16, and computes rightly; otherwise why not. */
  | { readonly kind: 'webgpu'; readonly float16: true | string };

export interface ChosenPrecision {
  readonly precision: Precision;
  /** Why it is not what was asked for. */
  readonly reason?: string;
}

export function choosePrecision(request: PrecisionRequest, device: PrecisionDevice): ChosenPrecision {
  const { wanted } = request;
  if (wanted === 'auto') return { precision: automatic(request, device) };
  const obstacle = obstacleTo(wanted, device);
  return obstacle === null
    ? { precision: wanted }
    : { precision: 'float32', reason: `${obstacle} The model runs in float32 instead.` };
}

function automatic({ parameters, closeness }: PrecisionRequest, device: PrecisionDevice): Precision {
  if (parameters < LARGE_MODEL) return 'float32';
  if (device.kind === 'webgpu')
    // A measurement counts for more than the trial on the device, which is passed already.
    return device.float16 === true && (closeness.float16 ?? CLOSE_ENOUGH) >= CLOSE_ENOUGH
      ? 'float16'
      : 'float32';
  return (closeness.int8 ?? 0) >= CLOSE_ENOUGH ? 'int8' : 'float32';
}

/** Why no device of a kind runs a model in this precision, as a sentence; null where some do. */
export function kindObstacle(precision: Precision, kind: DeviceReport['kind']): string | null {
  if (precision === 'int8' && kind === 'webgpu')
    return 'int8 is for WebAssembly: WebGPU has no fast operators for it.';
  if (precision === 'float16' && kind === 'wasm')
    return 'float16 is for WebGPU: WebAssembly would compute in float32 all the same.';
  return null;
}

function obstacleTo(precision: Precision, device: PrecisionDevice): string | null {
  const lacking = precision === 'float16' && device.kind === 'webgpu' && device.float16 !== true;
  return lacking ? device.float16 : kindObstacle(precision, device.kind);
}
