/** Views of a stored tensor: other shapes and strides over the same bytes. Nothing is copied. */
import { isRowMajor, reachOf, rowMajorStrides, valueCount } from './strided.ts';
import { BITS, type StoredTensor } from './tensors.ts';

/**
 * The rows [from, to) of a tensor of at least one axis and whole bytes, where they are. It is called as NumPy would
 * write it.
 */
export function rowsOf(tensor: StoredTensor, from: number, to: number): StoredTensor {
  const [, ...row] = tensor.shape;
  const width = BITS[tensor.dtype] / 8;
  // A checksum is that of all rows.
  const { strides, checksum: _, ...rest } = tensor;
  const shape = [to - from, ...row];
  const start = tensor.start + from * (strides?.[0] ?? valueCount(row)) * width;
  const values = strides === undefined ? valueCount(shape) : reachOf(shape, strides);
  const view = { ...rest, name: `${tensor.name}[${from}:${to}]`, shape, start, end: start + values * width };
  return strides === undefined ? view : { ...view, strides };
}

/** The tensor with its axes in another order: [1, 0] transposes a matrix. It is called as NumPy would write it. */
export function transposed(tensor: StoredTensor, axes: readonly number[]): StoredTensor {
  const { strides: before = rowMajorStrides(tensor.shape), ...rest } = tensor;
  const shape = axes.map((axis) => tensor.shape[axis] ?? 1);
  const strides = axes.map((axis) => before[axis] ?? 0);
  const view = { ...rest, name: `${tensor.name}.transpose(${axes.join(', ')})`, shape };
  return isRowMajor(shape, strides) ? view : { ...view, strides };
}
