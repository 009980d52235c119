/** Which device a model runs on, and why. */
import type { AttentionKind, GraphForm, Precision } from '../graph/form.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { LensError } from '../mae/errors.ts';
import { tryAttention } from './canary.ts';
import type { DeviceChoice, DeviceReport } from './engine.ts';
import { type Gpu, requestGpu } from './gpu.ts';
import type { Backend, RuntimeLoader } from './session.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  readonly form: GraphForm;
  readonly report: DeviceReport;
}

/** WebGPU there has been seen to end the page after hundreds of runs. */
const APPLE_MOBILE = /iPhone|iPad|iPod/;
const APPLE_MOBILE_REASON =
  'On iPhone and iPad the model runs on WebAssembly, because WebGPU has been unstable there. Choose WebGPU to try it all the same.';

const SOFTWARE_REASON =
  'WebGPU has no graphics device of its own here and would run on the processor, where WebAssembly is much faster.';

/** Takes what was asked for where it works; falls back to WebAssembly with the reason in the report. */
export async function chooseBackend(
  choice: DeviceChoice,
  config: ViTMAEConfig,
  loadRuntime: RuntimeLoader,
): Promise<ChosenBackend> {
  if (choice === 'wasm') return wasmBackend(loadRuntime);
  if (choice === 'auto' && APPLE_MOBILE.test(navigator.userAgent))
    return wasmBackend(loadRuntime, APPLE_MOBILE_REASON);
  try {
    const gpu = await requestGpu();
    if (choice === 'auto' && gpu.software) return wasmBackend(loadRuntime, SOFTWARE_REASON);
    return await webgpuBackend(gpu, config, loadRuntime);
  } catch (error) {
    return wasmBackend(loadRuntime, fallbackReason(error));
  }
}

/** Why WebGPU was given up, as a sentence for the device report. */
export function fallbackReason(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${reason} The model runs on WebAssembly instead.`;
}

/** The form that each device runs fastest; see ARCHITECTURE.md, "Forms of a graph". */
export function formFor(
  kind: Backend['kind'],
  precision: Precision,
  attention: AttentionKind = 'fused',
): GraphForm {
  const shared = { attention, precision, packedProjections: true, standardOperators: false } as const;
  return kind === 'webgpu'
    ? { ...shared, layout: 'in-out', skipNorm: true }
    : { ...shared, layout: 'out-in', skipNorm: true };
}

export async function wasmBackend(loadRuntime: RuntimeLoader, reason?: string): Promise<ChosenBackend> {
  const ort = await loadRuntime('wasm');
  const threads = ort.env.wasm.numThreads ?? 1;
  return {
    backend: { kind: 'wasm', ort },
    form: formFor('wasm', 'float32'),
    report: {
      kind: 'wasm',
      label: `WebAssembly · ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      threads,
      attention: 'fused',
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

/** @throws LensError `device-wrong` when attention comes out wrong in every form */
async function webgpuBackend(
  gpu: Gpu,
  config: ViTMAEConfig,
  loadRuntime: RuntimeLoader,
): Promise<ChosenBackend> {
  const backend: Backend = { kind: 'webgpu', ort: await loadRuntime('webgpu'), gpu };
  const { attention, errors } = await tryAttention(backend, config);
  if (attention === null) {
    const found = Object.entries(errors).map(([kind, error]) => `${kind}: off by ${error.toPrecision(2)}`);
    throw new LensError(
      'device-wrong',
      `The graphics device computes attention wrongly (${found.join(', ')}).`,
    );
  }
  return {
    backend,
    form: formFor('webgpu', 'float32', attention),
    report: {
      kind: 'webgpu',
      label: gpu.label === '' ? 'WebGPU' : `WebGPU · ${gpu.label}`,
      threads: 1,
      attention,
      ...(attention === 'fused'
        ? {}
        : {
            reason:
              'The fused attention operator is wrong on this graphics device; the composed one is right and is used.',
          }),
    },
  };
}
