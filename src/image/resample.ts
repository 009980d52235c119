/**
 * Pillow's bilinear resize, byte for byte: a triangle filter that widens when shrinking, so every pixel of the
 * source counts; horizontally first, rounded to bytes, then vertically. Neither a canvas nor sharp gives these
 * bytes, and the model's numbers hang on them.
 *
 * Pillow skips a pass that keeps its size. Here it has the weights 1 and 0 and copies, which is the same.
 */

/**
 * Which pass is the first; each rounds to bytes, so some bytes differ by one. Pillow to 12.1 always works
 * horizontally first. Pillow 13 turns the passes around for images that lose much more height than width,
 * `height - outHeight > 2 * max(0, width - outWidth)` (python-pillow/Pillow#9549, confirmed on 50,000 sizes).
 */
export type PassOrder = 'horizontal-first' | 'as-pillow-13';

/** Pillow's fixed point: 32 bits less 8 for the pixel and 2 for the sum's headroom. */
const PRECISION_BITS = 22;
const ONE_HALF = 2 ** (PRECISION_BITS - 1);

/** For each output position, the window of input positions that it is made of, and their weights. */
interface Weights {
  /** [out]: the window is first[i] … end[i] - 1; both grow with i. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** [out, stride]: fixed point, as many per row as the window is long. */
  readonly values: Int32Array;
  readonly stride: number;
}

/**
 * Resizes an image to exactly `outWidth` x `outHeight`, as `Image.resize(size, Image.Resampling.BILINEAR)` does.
 * @param rgb [height, width, 3]
 * @returns [outHeight, outWidth, 3]
 * @throws RangeError for sizes that are not positive integers or do not match the data
 */
export function resizeBilinear(
  rgb: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  order: PassOrder = 'horizontal-first',
): Uint8ClampedArray {
  const resizer = new BilinearResizer(width, height, outWidth, outHeight, order);
  resizer.push(rgb, 3);
  return resizer.finish();
}

/**
 * The same resize for images too large to hold: rows come in bands from the top, and nothing of their number
 * is kept but the sums of the few output rows that are being made. How the rows are cut into bands does not
 * change the result.
 */
export class BilinearResizer {
  readonly #width: number;
  readonly #height: number;
  readonly #verticalFirst: boolean;
  readonly #horizontal: Weights;
  readonly #vertical: Weights;
  /** A source row as the vertical pass takes it: RGB, squeezed already unless the vertical pass is the first. */
  readonly #row: Uint8ClampedArray;
  /** Sums of the vertical pass in fixed point, of the output rows that source rows still add to. */
  readonly #openRows = new Map<number, Int32Array>();
  readonly #resized: Uint8ClampedArray;
  #rowsSeen = 0;
  #rowsDone = 0;

  /** @throws RangeError for sizes that are not positive integers */
  constructor(
    width: number,
    height: number,
    outWidth: number,
    outHeight: number,
    order: PassOrder = 'horizontal-first',
  ) {
    for (const size of [width, height, outWidth, outHeight]) {
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new RangeError(`Cannot resize ${width} x ${height} pixels to ${outWidth} x ${outHeight}.`);
      }
    }
    this.#width = width;
    this.#height = height;
    this.#verticalFirst = order === 'as-pillow-13' && height - outHeight > 2 * Math.max(0, width - outWidth);
    this.#horizontal = triangleWeights(width, outWidth);
    this.#vertical = triangleWeights(height, outHeight);
    this.#row = new Uint8ClampedArray((this.#verticalFirst ? width : outWidth) * 3);
    this.#resized = new Uint8ClampedArray(outHeight * outWidth * 3);
  }

  /**
   * Takes the next rows.
   * @param band [rows, width, channels]; of four channels the last one is not looked at
   * @throws RangeError for a part of a row, or for more rows than the image has
   */
  push(band: Uint8Array | Uint8ClampedArray, channels: 3 | 4): void {
    const rowLength = this.#width * channels;
    const rows = band.length / rowLength;
    if (!Number.isInteger(rows) || this.#rowsSeen + rows > this.#height) {
      throw new RangeError(
        `${band.length} bytes are not among the ${this.#height - this.#rowsSeen} rows of ${rowLength} bytes to come.`,
      );
    }
    for (let start = 0; start < band.length; start += rowLength) {
      if (this.#verticalFirst) copyRgb(band, start, channels, this.#row);
      else squeezeRow(band, start, channels, this.#horizontal, this.#row);
      this.#addRow();
    }
  }

  /**
   * The resized image, [outHeight, outWidth, 3].
   * @throws RangeError when rows are missing
   */
  finish(): Uint8ClampedArray {
    if (this.#rowsSeen !== this.#height) {
      throw new RangeError(`Only ${this.#rowsSeen} of ${this.#height} rows have come.`);
    }
    return this.#resized;
  }

  /** Adds the row to every output row whose window it lies in, and finishes those whose last one it is. */
  #addRow(): void {
    const { first, end, values, stride } = this.#vertical;
    const row = this.#row;
    const y = this.#rowsSeen++;
    for (let out = this.#rowsDone; out < first.length && (first[out] as number) <= y; out++) {
      let sums = this.#openRows.get(out);
      if (sums === undefined) {
        sums = new Int32Array(row.length).fill(ONE_HALF);
        this.#openRows.set(out, sums);
      }
      const weight = values[out * stride + y - (first[out] as number)] as number;
      for (let i = 0; i < row.length; i++) sums[i] = (sums[i] as number) + (row[i] as number) * weight;
      if (end[out] === y + 1) this.#finishRow(out, sums);
    }
  }

  #finishRow(out: number, sums: Int32Array): void {
    const bytes = new Uint8ClampedArray(sums.length);
    for (let i = 0; i < sums.length; i++) bytes[i] = (sums[i] as number) >> PRECISION_BITS;
    const rowLength = this.#horizontal.first.length * 3;
    const resizedRow = this.#resized.subarray(out * rowLength, (out + 1) * rowLength);
    if (this.#verticalFirst) squeezeRow(bytes, 0, 3, this.#horizontal, resizedRow);
    else resizedRow.set(bytes);
    this.#openRows.delete(out);
    this.#rowsDone = out + 1;
  }
}

/** The horizontal pass over the row that begins at `start`. */
function squeezeRow(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  channels: 3 | 4,
  { first, end, values, stride }: Weights,
  target: Uint8ClampedArray,
): void {
  for (let x = 0; x < first.length; x++) {
    let red = ONE_HALF;
    let green = ONE_HALF;
    let blue = ONE_HALF;
    let at = start + (first[x] as number) * channels;
    const afterLast = x * stride + (end[x] as number) - (first[x] as number);
    for (let k = x * stride; k < afterLast; k++) {
      const weight = values[k] as number;
      red += (source[at] as number) * weight;
      green += (source[at + 1] as number) * weight;
      blue += (source[at + 2] as number) * weight;
      at += channels;
    }
    target[x * 3] = red >> PRECISION_BITS;
    target[x * 3 + 1] = green >> PRECISION_BITS;
    target[x * 3 + 2] = blue >> PRECISION_BITS;
  }
}

/** The row that begins at `start`, without its alpha. */
function copyRgb(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  channels: 3 | 4,
  target: Uint8ClampedArray,
): void {
  for (let i = 0; i < target.length; i += 3) {
    const at = start + (i / 3) * channels;
    target[i] = source[at] as number;
    target[i + 1] = source[at + 1] as number;
    target[i + 2] = source[at + 2] as number;
  }
}

/** A triangle of half-width max(1, in/out) around each output pixel's centre, cut at the borders. */
function triangleWeights(size: number, outSize: number): Weights {
  const scale = size / outSize;
  const support = Math.max(1, scale);
  const stride = Math.min(size, Math.ceil(support) * 2 + 1);
  const first = new Int32Array(outSize);
  const end = new Int32Array(outSize);
  const values = new Int32Array(outSize * stride);
  const window = new Float64Array(stride);
  for (let i = 0; i < outSize; i++) {
    const center = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const to = Math.min(size, Math.trunc(center + support + 0.5));
    let total = 0;
    for (let k = 0; k < to - from; k++) {
      // Times the reciprocal, not divided: the last bit decides some roundings.
      const distance = Math.abs((k + from - center + 0.5) * (1 / support));
      const weight = Math.max(0, 1 - distance);
      window[k] = weight;
      total += weight;
    }
    first[i] = from;
    end[i] = to;
    for (let k = 0; k < to - from; k++) {
      values[i * stride + k] = Math.trunc(0.5 + ((window[k] as number) / total) * 2 ** PRECISION_BITS);
    }
  }
  return { first, end, values, stride };
}
