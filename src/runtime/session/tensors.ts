/** Tensors that go into a session and come out of it, in the type that its graph computes in. */
import type * as Ort from 'onnxruntime-web';
import { float16ToFloat32, float32ToFloat16 } from '../../checkpoint/tensors/half-precision.ts';
import type { WeightType } from '../../graph/placement.ts';
import type { Backend } from './session.ts';

/** Values as a graph of this type takes them: float16 as its bits. */
export type ComputeValues = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

export function toComputeValues(values: Float32Array<ArrayBuffer>, type: WeightType): ComputeValues {
  if (type === 'float32') return values;
  const halves = new Uint16Array(values.length);
  float32ToFloat16(values, halves);
  return halves;
}

/** A tensor for one run. */
export function inputTensor({ ort }: Backend, values: ComputeValues, dims: readonly number[]): Ort.Tensor {
  // The types know float16 only as Float16Array; the runtime takes its bits as well.
  const { Tensor } = ort as unknown as { Tensor: new (...of: readonly unknown[]) => Ort.Tensor };
  return new Tensor(values instanceof Uint16Array ? 'float16' : 'float32', values, dims);
}

/** A tensor for many runs: on WebGPU it lies on the device. The caller disposes of it after the session's release. */
export function residentTensor(backend: Backend, values: ComputeValues, dims: readonly number[]): Ort.Tensor {
  if (backend.kind === 'wasm') return inputTensor(backend, values, dims);
  const { device } = backend.gpu;
  const size = Math.ceil(values.byteLength / 16) * 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size, usage });
  const bytes = new Uint8Array(size);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  device.queue.writeBuffer(buffer, 0, bytes);
  const dataType = values instanceof Uint16Array ? 'float16' : 'float32';
  return backend.ort.Tensor.fromGpuBuffer(buffer, { dataType, dims, dispose: () => buffer.destroy() });
}

/** A tensor that any code can read, as float32; the one that was given is used up. */
export async function readable(
  { ort }: Backend,
  tensor: Ort.Tensor,
  dims: readonly number[] = tensor.dims,
): Promise<Ort.Tensor> {
  const data = (await tensor.getData(true)) as Float32Array | Uint16Array;
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  const values = new Float32Array(data.length);
  // A Float16Array where the browser has them, else the bits themselves.
  float16ToFloat32(new Uint16Array(data.buffer, data.byteOffset, data.length), values);
  return new ort.Tensor('float32', values, dims);
}
