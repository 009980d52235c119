/**
 * Pillow's bilinear resize, byte for byte: a triangle filter that widens when shrinking, so every pixel of the
 * source counts; one pass for each direction, rounded to bytes after each. Neither a canvas nor sharp gives these
 * bytes, and the model's numbers hang on them.
 *
 * Pillow skips a pass that keeps its size. Here it has the weights 1 and 0 and copies, which is the same.
 */
import { hasOpacity, RGB_CHANNELS } from '../mae/channels.ts';
import { premultiply, unpremultiply } from './channels.ts';

/**
 * Which pass is the first; each rounds to bytes, so some bytes differ by one. The newest Pillow works vertically first
 * on images that lose much more height than width, `height - outHeight > 2 * max(0, width - outWidth)`
 * (python-pillow/Pillow#9549), and horizontally first on all others. Pillow to 12.1 and torchvision always work
 * horizontally first.
 */
export type PassOrder = 'as-newest-pillow' | 'horizontal-first';

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
  order?: PassOrder,
): Uint8ClampedArray {
  return resizeChannels(rgb, RGB_CHANNELS, width, height, outWidth, outHeight, order);
}

/**
 * The same for any number of channels; the last of two or four is opacity, as in Pillow's "LA" and "RGBA".
 * @param pixels [height, width, channels]
 * @returns [outHeight, outWidth, channels]
 * @throws RangeError for sizes that are not positive integers or do not match the data
 */
export function resizeChannels(
  pixels: Uint8Array | Uint8ClampedArray,
  channels: number,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  order?: PassOrder,
): Uint8ClampedArray {
  const resizer = new BilinearResizer(width, height, outWidth, outHeight, { channels, order });
  resizer.push(pixels, channels);
  return resizer.finish();
}

interface ResizeOptions {
  /** 3 where absent; the last of two or four is opacity. */
  readonly channels?: number | undefined;
  /** As the newest Pillow where absent. */
  readonly order?: PassOrder | undefined;
}

/**
 * The same resize for images too large to hold: rows come in bands from the top, and nothing of their number
 * is kept but the sums of the few output rows that are being made. How the rows are cut into bands does not
 * change the result.
 */
export class BilinearResizer {
  readonly #width: number;
  readonly #height: number;
  readonly #channels: number;
  /** Colours count by their opacity, but not where there is nothing to resize. */
  readonly #premultiplied: boolean;
  readonly #verticalFirst: boolean;
  readonly #horizontal: Weights;
  readonly #vertical: Weights;
  /** A source row, not wider than its channels. */
  readonly #source: Uint8ClampedArray;
  /** A source row as the vertical pass takes it: squeezed already unless the vertical pass is the first. */
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
    { channels = RGB_CHANNELS, order = 'as-newest-pillow' }: ResizeOptions = {},
  ) {
    for (const size of [width, height, outWidth, outHeight, channels]) {
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new RangeError(
          `Cannot resize ${width} x ${height} pixels of ${channels} channels to ${outWidth} x ${outHeight}.`,
        );
      }
    }
    this.#width = width;
    this.#height = height;
    this.#channels = channels;
    this.#premultiplied = hasOpacity(channels) && (width !== outWidth || height !== outHeight);
    this.#verticalFirst =
      order === 'as-newest-pillow' && height - outHeight > 2 * Math.max(0, width - outWidth);
    this.#horizontal = triangleWeights(width, outWidth);
    this.#vertical = triangleWeights(height, outHeight);
    this.#source = new Uint8ClampedArray(width * channels);
    this.#row = this.#verticalFirst ? this.#source : new Uint8ClampedArray(outWidth * channels);
    this.#resized = new Uint8ClampedArray(outHeight * outWidth * channels);
  }

  /**
   * Takes the next rows.
   * @param band [rows, width, bandChannels]; channels beyond those of the result are not looked at
   * @throws RangeError for a part of a row, or for more rows than the image has
   */
  push(band: Uint8Array | Uint8ClampedArray, bandChannels: number): void {
    const rowLength = this.#width * bandChannels;
    const rows = band.length / rowLength;
    if (
      !Number.isInteger(rows) ||
      this.#rowsSeen + rows > this.#height ||
      !(bandChannels >= this.#channels)
    ) {
      throw new RangeError(
        `${band.length} bytes are not among the ${this.#height - this.#rowsSeen} rows of ${rowLength} bytes to come.`,
      );
    }
    const channels = this.#channels;
    for (let start = 0; start < band.length; start += rowLength) {
      const copied = this.#verticalFirst || this.#premultiplied;
      if (copied) copyRow(band, start, bandChannels, this.#source, channels);
      if (this.#premultiplied) premultiply(this.#source, channels);
      if (!this.#verticalFirst) {
        if (copied) squeezeRow(this.#source, 0, channels, this.#horizontal, this.#row, channels);
        else squeezeRow(band, start, bandChannels, this.#horizontal, this.#row, channels);
      }
      this.#addRow();
    }
  }

  /**
   * The resized image, [outHeight, outWidth, channels].
   * @throws RangeError when rows are missing
   */
  finish(): Uint8ClampedArray {
    if (this.#rowsSeen !== this.#height) {
      throw new RangeError(`Only ${this.#rowsSeen} of ${this.#height} rows have come.`);
    }
    const resized = this.#resized.slice();
    if (this.#premultiplied) unpremultiply(resized, this.#channels);
    return resized;
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
    const channels = this.#channels;
    const rowLength = this.#horizontal.first.length * channels;
    const resizedRow = this.#resized.subarray(out * rowLength, (out + 1) * rowLength);
    if (this.#verticalFirst) squeezeRow(bytes, 0, channels, this.#horizontal, resizedRow, channels);
    else resizedRow.set(bytes);
    this.#openRows.delete(out);
    this.#rowsDone = out + 1;
  }
}

/** The horizontal pass over the row that begins at `start`. */
function squeezeRow(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  sourceChannels: number,
  weights: Weights,
  target: Uint8ClampedArray,
  channels: number,
): void {
  // Three at a time, since nearly all images have three: a third of the time of one after another.
  let channel = 0;
  for (; channel + 3 <= channels; channel += 3)
    squeezeThree(source, start + channel, sourceChannels, weights, target, channel, channels);
  const { first, end, values, stride } = weights;
  for (; channel < channels; channel++) {
    for (let x = 0; x < first.length; x++) {
      let sum = ONE_HALF;
      let at = start + channel + (first[x] as number) * sourceChannels;
      const afterLast = x * stride + (end[x] as number) - (first[x] as number);
      for (let k = x * stride; k < afterLast; k++) {
        sum += (source[at] as number) * (values[k] as number);
        at += sourceChannels;
      }
      target[x * channels + channel] = sum >> PRECISION_BITS;
    }
  }
}

function squeezeThree(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  sourceChannels: number,
  { first, end, values, stride }: Weights,
  target: Uint8ClampedArray,
  channel: number,
  channels: number,
): void {
  for (let x = 0; x < first.length; x++) {
    let red = ONE_HALF;
    let green = ONE_HALF;
    let blue = ONE_HALF;
    let at = start + (first[x] as number) * sourceChannels;
    const afterLast = x * stride + (end[x] as number) - (first[x] as number);
    for (let k = x * stride; k < afterLast; k++) {
      const weight = values[k] as number;
      red += (source[at] as number) * weight;
      green += (source[at + 1] as number) * weight;
      blue += (source[at + 2] as number) * weight;
      at += sourceChannels;
    }
    const to = x * channels + channel;
    target[to] = red >> PRECISION_BITS;
    target[to + 1] = green >> PRECISION_BITS;
    target[to + 2] = blue >> PRECISION_BITS;
  }
}

/** The row that begins at `start`, without the channels that are not wanted. */
function copyRow(
  source: Uint8Array | Uint8ClampedArray,
  start: number,
  sourceChannels: number,
  target: Uint8ClampedArray,
  channels: number,
): void {
  if (sourceChannels === channels) {
    target.set(source.subarray(start, start + target.length));
    return;
  }
  for (let from = start, to = 0; to < target.length; from += sourceChannels, to += channels)
    for (let c = 0; c < channels; c++) target[to + c] = source[from + c] as number;
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
