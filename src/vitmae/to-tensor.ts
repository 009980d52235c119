import { Tensor } from '@xenova/transformers';
import type * as Ort from 'onnxruntime-web';

/** The runtime's tensor, with its values in memory, as transformers.js has it. */
export function toTensor({ type, data, dims }: Ort.Tensor): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, [...dims]);
}
