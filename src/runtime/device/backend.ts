/** Which device a model runs on, and why. */

import { LensError } from '../../base/errors.ts';
import { problemOf, type Reason } from '../../base/reason.ts';
import type { AttentionKind, Dtype, GraphOptions } from '../../graph/graph-options.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { type Gpu, requestGpu } from '../session/gpu.ts';
import type { Backend, RuntimeLoader } from '../session/session.ts';
import { tryAttention, tryFloat16 } from './attention-check.ts';
import type { DeviceChoice, DeviceReport } from './choice.ts';
import { type ChosenDtype, chooseDtype, type DtypeRequest } from './dtype.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  readonly graphOptions: GraphOptions;
  readonly report: DeviceReport;
}

/** WebGPU there has been seen to end the page after hundreds of runs. */
const APPLE_MOBILE = /iPhone|iPad|iPod/;

/** The model, and in what it is to compute. */
export interface BackendRequest {
  readonly device: DeviceChoice;
  readonly config: ViTMAEConfig;
  readonly dtype: DtypeRequest;
  /** Told when a graphics device is going to be tried, whose driver may take long. */
  readonly onGraphics?: () => void;
}

/** Takes what was asked for where it works; falls back to WebAssembly with the reason in the report. */
export async function chooseBackend(
  request: BackendRequest,
  loadRuntime: RuntimeLoader,
): Promise<ChosenBackend> {
  const { device, dtype } = request;
  const onWasm = (reason?: Reason) => wasmBackend(loadRuntime, dtype, reason);
  if (device === 'wasm') return onWasm();
  if (device === 'auto' && APPLE_MOBILE.test(navigator.userAgent)) return onWasm({ key: 'apple-mobile' });
  try {
    const gpu = await requestGpu();
    if (device === 'auto' && gpu.software) return onWasm({ key: 'software-graphics' });
    request.onGraphics?.();
    return await webgpuBackend(gpu, request, loadRuntime);
  } catch (error) {
    return onWasm(fallbackReason(error));
  }
}

/** Why WebGPU was given up, for the device report. */
export function fallbackReason(error: unknown): Reason {
  return { key: 'wasm-instead', params: { problem: problemOf(error) } };
}

/** The options that each device runs fastest; see ARCHITECTURE.md, "Graph options". */
export function graphOptionsFor(
  kind: Backend['kind'],
  dtype: Dtype,
  attention: AttentionKind = 'fused',
): GraphOptions {
  const shared = { attention, dtype, standardOperators: false } as const;
  return kind === 'webgpu'
    ? { ...shared, layout: 'in-out', packedProjections: true }
    : { ...shared, layout: 'out-in', packedProjections: dtype === 'q8' };
}

export async function wasmBackend(
  loadRuntime: RuntimeLoader,
  dtype: DtypeRequest,
  reason?: Reason,
): Promise<ChosenBackend> {
  const chosen = chooseDtype(dtype, { kind: 'wasm' });
  const ort = await loadRuntime('wasm');
  const threads = ort.env.wasm.numThreads ?? 1;
  return {
    backend: { kind: 'wasm', ort },
    graphOptions: graphOptionsFor('wasm', chosen.dtype),
    report: {
      kind: 'wasm',
      label: `WebAssembly · ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      threads,
      attention: 'fused',
      ...dtypeReport(chosen),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

/** @throws LensError `device-wrong` when attention comes out wrong, both fused and composed */
async function webgpuBackend(
  gpu: Gpu,
  { config, dtype }: BackendRequest,
  loadRuntime: RuntimeLoader,
): Promise<ChosenBackend> {
  const backend: Backend = { kind: 'webgpu', ort: await loadRuntime('webgpu'), gpu };
  const { attention, errors } = await tryAttention(backend, config);
  if (attention === null) {
    throw new LensError('device-wrong/attention', errors);
  }
  const chosen = await chooseDtypeOn(backend, gpu, config, attention, dtype);
  return {
    backend,
    graphOptions: graphOptionsFor('webgpu', chosen.dtype, attention),
    report: {
      kind: 'webgpu',
      label: gpu.label === '' ? 'WebGPU' : `WebGPU · ${gpu.label}`,
      threads: 1,
      attention,
      ...dtypeReport(chosen),
      ...(attention === 'fused' ? {} : { reason: { key: 'composed-attention' } }),
    },
  };
}

/** float16 is tried on the device only where it may be used. */
async function chooseDtypeOn(
  backend: Backend,
  gpu: Gpu,
  config: ViTMAEConfig,
  attention: AttentionKind,
  request: DtypeRequest,
): Promise<ChosenDtype> {
  const hoped = chooseDtype(request, {
    kind: 'webgpu',
    fp16: gpu.float16 || { key: 'fp16-not-here', params: {} },
  });
  if (hoped.dtype !== 'fp16') return hoped;
  const float16 = await tryFloat16(backend, config, attention);
  return chooseDtype(request, { kind: 'webgpu', fp16: float16 });
}

function dtypeReport({ dtype, reason }: ChosenDtype) {
  return { dtype, ...(reason === undefined ? {} : { dtypeReason: reason }) };
}
