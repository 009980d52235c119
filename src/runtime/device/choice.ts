/** What a visitor may ask a model to run on and in, and what it then really runs on. */
import type { DtypeReason, Reason } from '../../base/reason.ts';
import type { Dtype } from '../../graph/graph-options.ts';

export type { Dtype };

/** `auto` takes WebGPU where it works and WebAssembly elsewhere. */
export type DeviceChoice = 'auto' | 'webgpu' | 'wasm';

/** `auto` takes what is fast and was found close enough to float32. */
export type DtypeChoice = 'auto' | Dtype;

/** For each dtype that was held against float32: the lowest PSNR of a reconstruction, in decibels. */
export type PsnrByDtype = Readonly<Partial<Record<Dtype, number>>>;

/** What was measured with weights of this size: others that have the same name may be further off. */
export interface KnownAgreement {
  readonly parameters: number;
  /** As stored. */
  readonly bytes: number;
  readonly psnr: PsnrByDtype;
}

/** What the model really runs on. */
export interface DeviceReport {
  readonly kind: 'webgpu' | 'wasm';
  /** For people: "WebGPU · Apple M2", "WebAssembly · 2 threads". */
  readonly label: string;
  readonly threads: number;
  /** Attention as one operator, or composed of MatMul and Softmax where the self-test found the first wrong. */
  readonly attention: 'fused' | 'composed';
  readonly dtype: Dtype;
  /** Why it is not the precision that was asked for; absent when it is. */
  readonly dtypeReason?: DtypeReason;
  /** Why it is not the device that was asked for, or why attention is composed; absent when all is as hoped. */
  readonly reason?: Reason;
}
