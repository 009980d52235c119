/** The device, the runtime on it, and the model that runs there. */
import { format } from '../format.ts';
import { reasons } from '../reasons.ts';

interface Failure {
  readonly kind: keyof typeof KINDS;
  readonly reason: string;
}

const KINDS = { wasm: 'WebAssembly', webgpu: 'WebGPU' } as const;
const ATTENTION = { fused: 'fused', composed: 'composed' } as const;

type AttentionErrors = Readonly<Partial<Record<keyof typeof ATTENTION, number>>>;

function attentionErrors(errors: AttentionErrors): string {
  const found: string[] = [];
  for (const kind of ['fused', 'composed'] as const) {
    const error = errors[kind];
    if (error !== undefined) found.push(`${ATTENTION[kind]}: off by ${error.toPrecision(2)}`);
  }
  return found.join(', ');
}

export const runtimeErrors = {
  'device-lost/gone': ({ reason }: { readonly reason: string }) =>
    `The graphics device went away (${reason}). The model has to be loaded again; choose WebAssembly if it keeps happening.`,
  // A second copy of the model, in the other dtype.
  'device-unavailable/fp16-attention-wrong': reasons['fp16-attention-wrong'],
  'device-unavailable/fp16-not-here': reasons['fp16-not-here'],
  'device-unavailable/fp16-not-on-wasm': reasons['fp16-not-on-wasm'],
  'device-unavailable/fp16-too-coarse': reasons['fp16-too-coarse'],
  'device-unavailable/q8-not-on-webgpu': reasons['q8-not-on-webgpu'],

  'device-unavailable/no-graphics-device': 'This browser has WebGPU, but no graphics device for it.',
  'device-unavailable/no-webgpu': 'This browser has no WebGPU.',
  'device-unavailable/not-opened': ({ reason }: { readonly reason: string }) =>
    `The graphics device could not be opened: ${reason}`,
  'device-wrong/attention': (errors: AttentionErrors) =>
    `The graphics device computes attention wrongly (${attentionErrors(errors)}).`,
  'engine-failed/compile': ({ kind, reason }: Failure) =>
    `The model could not be compiled on ${KINDS[kind]}. (${reason})`,
  'engine-failed/no-output': ({ name }: { readonly name: string }) => `The runtime gave no ${name}.`,
  'engine-failed/run': ({ kind, reason }: Failure) =>
    `The model failed while running on ${KINDS[kind]}. (${reason})`,
  'image-unsupported/pixel-values': ({
    shape,
    wanted,
  }: {
    readonly shape: readonly number[];
    /** Without the batch. */
    readonly wanted: readonly number[];
  }) =>
    `pixel_values has the shape [${shape.join(', ')}], but this model takes [batch, ${wanted.join(', ')}].`,
  'out-of-memory/model': ({ bytes }: { readonly bytes: number }) =>
    `This device has not enough free memory for the model (${format.size(bytes)}). Close other tabs, or choose a smaller model.`,
} as const;
