/**
 * LayerNorm over the last axis.
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 */
export function layerNorm(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  epsilon: number,
): Float32Array<ArrayBuffer> {
  const width = weight.length;
  const normed = new Float32Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    let sum = 0;
    for (let k = row; k < row + width; k++) sum += x[k] as number;
    const mean = sum / width;
    let squares = 0;
    for (let k = row; k < row + width; k++) squares += ((x[k] as number) - mean) ** 2;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let k = 0; k < width; k++)
      normed[row + k] =
        ((x[row + k] as number) - mean) * factor * (weight[k] as number) + (bias[k] as number);
  }
  return normed;
}
