/** Which precision a model runs in: what was asked for where the device has it, or what is fast and close enough. */
import type { DtypeObstacle, DtypeReason } from '../../base/reason.ts';
import type { DeviceReport, Dtype, DtypeChoice, KnownAgreement, PsnrByDtype } from './choice.ts';

/** A reconstruction whose PSNR to that of float32 is at least this, in decibels, looks the same. */
export const CLOSE_ENOUGH = 40;
/** Below this many parameters float32 is fast enough everywhere, and its numbers are the reference's. */
export const LARGE_MODEL = 50_000_000;

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
  | { readonly kind: 'webgpu'; readonly fp16: true | DtypeObstacle };

export interface ChosenDtype {
  readonly dtype: Dtype;
  /** Why it is not what was asked for. */
  readonly reason?: DtypeReason;
}

export function chooseDtype(request: DtypeRequest, device: DtypeDevice): ChosenDtype {
  const { wanted } = request;
  if (wanted === 'auto') return { dtype: automatic(request, device) };
  const obstacle = obstacleTo(wanted, device);
  return obstacle === null ? { dtype: wanted } : { dtype: 'fp32', reason: insteadOf(obstacle, 'fp32') };
}

function automatic({ parameters, psnr }: DtypeRequest, device: DtypeDevice): Dtype {
  if (parameters < LARGE_MODEL) return 'fp32';
  if (device.kind === 'webgpu')
    // A measurement counts for more than the trial on the device, which is passed already.
    return device.fp16 === true && (psnr.fp16 ?? CLOSE_ENOUGH) >= CLOSE_ENOUGH ? 'fp16' : 'fp32';
  return (psnr.q8 ?? 0) >= CLOSE_ENOUGH ? 'q8' : 'fp32';
}

/** Why no device of a kind runs a model in this dtype; null where some do. */
export function kindObstacle(dtype: Dtype, kind: DeviceReport['kind']): DtypeObstacle | null {
  if (dtype === 'q8' && kind === 'webgpu') return { key: 'q8-not-on-webgpu', params: {} };
  if (dtype === 'fp16' && kind === 'wasm') return { key: 'fp16-not-on-wasm', params: {} };
  return null;
}

/** Why the model runs in another dtype than was asked for. */
export function insteadOf({ key, params }: DtypeObstacle, running: Dtype): DtypeReason {
  // Of each key the parameters are those of its obstacle, and `running`.
  return { key, params: { ...params, running } } as DtypeReason;
}

function obstacleTo(dtype: Dtype, device: DtypeDevice): DtypeObstacle | null {
  const lacking = dtype === 'fp16' && device.kind === 'webgpu' && device.fp16 !== true;
  return lacking ? device.fp16 : kindObstacle(dtype, device.kind);
}
