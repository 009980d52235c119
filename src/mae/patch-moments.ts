import { type Geometry, patchArea, patchCount, patchLength, valueCount } from './geometry.ts';

/**
 * Mean and spread of what a model paints over several runs, each run counting for the patches that it hid: a patch
 * that the model saw tells nothing about what it would have guessed. Values are added one by one as in Welford, "Note
 * on a method for calculating corrected sums of squares and products", Technometrics 4 (1962), which is as exact as
 * two passes and keeps no run.
 */
export class PatchMoments {
  readonly #geometry: Geometry;
  readonly #timesMasked: Uint32Array;
  readonly #mean: Float64Array;
  /** Sum of squared distances from the mean. */
  readonly #squares: Float64Array;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    this.#timesMasked = new Uint32Array(patchCount(geometry.grid));
    this.#mean = new Float64Array(valueCount(geometry));
    this.#squares = new Float64Array(valueCount(geometry));
  }

  /**
   * One more run.
   * @param painted [L, N], every patch as the model paints it
   * @param mask [L], 1 = removed
   * @throws RangeError when the shapes are not those of the first run
   */
  add(painted: Float32Array, mask: ArrayLike<number>): void {
    const patches = this.#timesMasked.length;
    const length = patchLength(this.#geometry);
    if (painted.length !== this.#mean.length || mask.length !== patches) {
      throw new RangeError(
        `${painted.length} values and ${mask.length} patches are not ${patches} patches of ${length} values.`,
      );
    }
    for (let patch = 0; patch < patches; patch++) {
      if (mask[patch] === 0) continue;
      const count = (this.#timesMasked[patch] as number) + 1;
      this.#timesMasked[patch] = count;
      for (let i = patch * length; i < (patch + 1) * length; i++) {
        const value = painted[i] as number;
        const before = value - (this.#mean[i] as number);
        const mean = (this.#mean[i] as number) + before / count;
        this.#mean[i] = mean;
        this.#squares[i] = (this.#squares[i] as number) + before * (value - mean);
      }
    }
  }

  /** [L]: in how many runs each patch was masked. */
  timesMasked(): Uint32Array {
    return this.#timesMasked.slice();
  }

  /** [L, N]: the average of the runs in which the patch was masked; 0 where there were none. */
  mean(): Float32Array {
    return Float32Array.from(this.#mean);
  }

  /**
   * [L, C]: for each patch and channel the root mean square of its pixels' standard deviations between runs (with
   * n - 1). NaN where the patch was masked in fewer than two runs: one run has no spread.
   */
  deviation(): Float32Array {
    const { channels } = this.#geometry;
    const pixels = patchArea(this.#geometry);
    const length = patchLength(this.#geometry);
    const deviation = new Float32Array(this.#timesMasked.length * channels);
    this.#timesMasked.forEach((count, patch) => {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let pixel = 0; pixel < pixels; pixel++) {
          sum += this.#squares[patch * length + pixel * channels + channel] as number;
        }
        deviation[patch * channels + channel] =
          count < 2 ? Number.NaN : Math.sqrt(sum / (count - 1) / pixels);
      }
    });
    return deviation;
  }
}

/**
 * The spread of each patch as one number: the root mean square over its pixels and channels.
 * @param deviation [L, C], as `PatchMoments.deviation` gives it
 * @param scale of each channel, from the space of the deviation to the wanted one
 * @returns [L], NaN where the deviation is
 */
export function patchStandardDeviations(deviation: Float32Array, scale: readonly number[]): Float32Array {
  return Float32Array.from({ length: deviation.length / scale.length }, (_, patch) => {
    let sum = 0;
    for (const [channel, factor] of scale.entries()) {
      sum += ((deviation[patch * scale.length + channel] as number) * factor) ** 2;
    }
    return Math.sqrt(sum / scale.length);
  });
}

export interface Summary {
  readonly mean: number;
  /** With n - 1; null for a single value, which has no spread. */
  readonly deviation: number | null;
  readonly min: number;
  readonly max: number;
}

/** Of the values together; null when there are none. */
export function summarize(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
