/** Tensors whose neighbours do not stand beside each other in memory: transposed, cut out or repeated ones. */

/** How many values a tensor has; 1 for a scalar, whose shape is empty. */
export function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The strides of a tensor whose values stand beside each other, the last axis first. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => valueCount(shape.slice(axis + 1)));
}

/** Whether values follow each other without gaps; the stride of a single row is never used. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const expected = rowMajorStrides(shape);
  return shape.every((side, axis) => side === 1 || strides[axis] === expected[axis]);
}

/** How many values of memory a tensor reaches over, from its first one to its last one. */
export function reachOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return 1 + shape.reduce((sum, side, axis) => sum + (side - 1) * (strides[axis] ?? 0), 0);
}

/**
 * Puts the values of a part of a tensor's memory where they belong in row-major order. Calling it for all parts,
 * in any order, fills the tensor.
 * @param part values [from, from + part.length) of the memory, counted from the tensor's first value
 * @param strides steps between neighbours in memory, in values, from 0 on
 * @param offset where the tensor begins in `into`
 */
export function scatter(
  part: Float32Array,
  from: number,
  shape: readonly number[],
  strides: readonly number[],
  into: Float32Array,
  offset: number,
): void {
  const rank = shape.length;
  // Of the block that the axes from d on make: how many values it has, and how far in memory its last one is.
  const counts = new Array<number>(rank + 1).fill(1);
  const reaches = new Array<number>(rank + 1).fill(0);
  for (let d = rank - 1; d >= 0; d--) {
    const side = shape[d] ?? 1;
    counts[d] = side * (counts[d + 1] ?? 1);
    reaches[d] = (side - 1) * (strides[d] ?? 0) + (reaches[d + 1] ?? 0);
  }
  if (counts[0] === 0) return;

  const end = from + part.length;
  const walk = (d: number, memory: number, target: number): void => {
    if (d === rank) {
      into[target] = part[memory - from] ?? 0;
      return;
    }
    const stride = strides[d] ?? 0;
    const step = counts[d + 1] ?? 1;
    // Only the rows that have something in this part: memory + i · stride < end, and its reach is at least `from`.
    const reach = reaches[d + 1] ?? 0;
    let [first, last] = [0, (shape[d] ?? 1) - 1];
    if (stride > 0) {
      first = Math.max(first, Math.ceil((from - reach - memory) / stride));
      last = Math.min(last, Math.ceil((end - memory) / stride) - 1);
    } else if (memory >= end || memory + reach < from) {
      return;
    }
    if (d < rank - 1) {
      for (let i = first; i <= last; i++) walk(d + 1, memory + i * stride, target + i * step);
      return;
    }
    // The last axis without a call for each value: much faster.
    let at = memory - from + first * stride;
    for (let i = first; i <= last; i++, at += stride) into[target + i] = part[at] ?? 0;
  };
  walk(0, 0, offset);
}
