/** Which precision a model runs in: what was asked for where the device has it, or what is fast and close enough. */
import type { DeviceReport, Dtype, DtypeChoice, KnownAgreement, PsnrByDtype } from './choice.ts';

/** A reconstruction whose PSNR to that of float32 is at least this, in decibels, looks the same. */
export const CLOSE_ENOUGH = 40;
/** Below this many parameters float32 is fast enough everywhere, and its numbers are the reference's. */
export const LARGE_MODEL = 50_000_000;

/** For people. The code has transformers.js' short names. */
export const DTYPE_NAMES: Readonly<Record<Dtype, string>> = { fp32: 'float32', fp16: 'float16', q8: 'int8' };

/** What each device has beside float32. */
export const REDUCED_DTYPE: Readonly<Record<DeviceReport['kind'], Dtype>> = {
  wasm: 'q8',
  webgpu: 'fp16',
};

export interface DtypeRequest {
  readonly wanted: DtypeChoice;
  readonly parameters: number;
  readonly psnr: PsnrByDtype;
}

/** What is known of these very weights. */
export function agreementOf(
  weights: Pick<KnownAgreement, 'parameters' | 'bytes'>,
  known: readonly KnownAgreement[],
): PsnrByDtype {
  const { parameters, bytes } = weights;
  return known.find((one) => one.parameters === parameters && one.bytes === bytes)?.psnr ?? {};
}

/** As the reference computes. */
export const IN_FP32: DtypeRequest = { wanted: 'fp32', parameters: 0, psnr: {} };

/** What a device can do. */
export type DtypeDevice =
  | { readonly kind: 'wasm' }
  /** `float16`: whether it computes in float16, and computes rightly; otherwise why not. */
  | { readonly kind: 'webgpu'; readonly fp16: true | string };

export interface ChosenDtype {
  readonly dtype: Dtype;
  /** Why it is not what was asked for. */
  readonly reason?: string;
}

export function chooseDtype(request: DtypeRequest, device: DtypeDevice): ChosenDtype {
  const { wanted } = request;
  if (wanted === 'auto') return { dtype: automatic(request, device) };
  const obstacle = obstacleTo(wanted, device);
  return obstacle === null
    ? { dtype: wanted }
    : { dtype: 'fp32', reason: `${obstacle} The model runs in float32 instead.` };
}

function automatic({ parameters, psnr }: DtypeRequest, device: DtypeDevice): Dtype {
  if (parameters < LARGE_MODEL) return 'fp32';
  if (device.kind === 'webgpu')
    // A measurement counts for more than the trial on the device, which is passed already.
    return device.fp16 === true && (psnr.fp16 ?? CLOSE_ENOUGH) >= CLOSE_ENOUGH ? 'fp16' : 'fp32';
  return (psnr.q8 ?? 0) >= CLOSE_ENOUGH ? 'q8' : 'fp32';
}

/** Why no device of a kind runs a model in this dtype, as a sentence; null where some do. */
export function kindObstacle(dtype: Dtype, kind: DeviceReport['kind']): string | null {
  if (dtype === 'q8' && kind === 'webgpu')
    return 'int8 is for WebAssembly: WebGPU has no fast operators for it.';
  if (dtype === 'fp16' && kind === 'wasm')
    return 'float16 is for WebGPU: WebAssembly would compute in float32 all the same.';
  return null;
}

function obstacleTo(dtype: Dtype, device: DtypeDevice): string | null {
  const lacking = dtype === 'fp16' && device.kind === 'webgpu' && device.fp16 !== true;
  return lacking ? device.fp16 : kindObstacle(dtype, device.kind);
}
