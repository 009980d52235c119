/** What models are made and loaded with. */
import type { DeviceChoice, DeviceReport, DtypeChoice } from '../runtime/device/choice.ts';
import { refuseOthers } from './arguments.ts';
import type { CallDefaults } from './configuration.ts';
import type { SourceOptions } from './sources.ts';

/** What a model runs on and in. */
export interface DeviceOptions {
  /** "auto", where absent, takes WebGPU where it works and WebAssembly elsewhere. `model.device` says what it became. */
  readonly device?: DeviceChoice;
  /**
   * "auto", where absent, is float32 but for models of 50 million parameters and more on WebGPU, which run in float16
   * where the device computes rightly in it. "q8" is for WebAssembly.
   */
  readonly dtype?: DtypeChoice;
  /** "sdpa", where absent: attention as one operator. "eager": composed of matrix products and softmax. */
  readonly attn_implementation?: 'sdpa' | 'eager';
}

/** What a model really runs on. */
export interface ModelDevice extends Omit<DeviceReport, 'reason' | 'dtypeReason'> {
  /** Why it is not the device that was asked for, in words; absent when it is. */
  readonly reason?: string;
  /** Why it is not the dtype that was asked for, in words; absent when it is. */
  readonly dtypeReason?: string;
}

/** A model made of a config. */
export interface RandomOptions extends DeviceOptions {
  /** Of the random weights; an integer. 0 where absent. */
  readonly seed?: number | bigint;
}

/** A model that is loaded. The config's values can be overridden here. */
export interface PretrainedOptions extends DeviceOptions, SourceOptions, CallDefaults {
  readonly mask_ratio?: number;
  readonly norm_pix_loss?: boolean;
  /** Python's word for PyTorch's weights in a TensorFlow class; here they are found by themselves. */
  readonly from_pt?: boolean;
}

export interface SaveOptions {
  /** What the weights are written in. "fp32" where absent. */
  readonly dtype?: 'fp32' | 'fp16';
}

export const DEVICE_OPTIONS = ['device', 'dtype', 'attn_implementation'];
export const CONFIG_OPTIONS = [
  'mask_ratio',
  'norm_pix_loss',
  'output_attentions',
  'output_hidden_states',
  'return_dict',
];
export const SOURCE_OPTIONS = ['revision', 'progress_callback', 'signal', 'from_tf', 'from_pt'];

/** @throws LensError `argument-invalid` */
export function checkDeviceOptions({ device, dtype, attn_implementation }: DeviceOptions): void {
  refuseOthers('device', device, ['auto', 'webgpu', 'wasm']);
  refuseOthers('dtype', dtype, ['auto', 'fp32', 'fp16', 'q8']);
  refuseOthers('attn_implementation', attn_implementation, ['sdpa', 'eager']);
}
