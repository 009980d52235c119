/**
 * A self-test for attention: a GPU driver can compute it wrongly without any error, so before a model runs, both
 * kinds of attention are tried on the device against plain arithmetic, at the lengths and head sizes in use.
 */
import type { DtypeObstacle } from '../../base/reason.ts';
import { buildAttention, buildProduct, type FloatDtype } from '../../graph/attention.ts';
import type { Graph } from '../../graph/builder.ts';
import type { AttentionKind } from '../../graph/graph-options.ts';
import type { ViTMAEConfig } from '../../mae/config.ts';
import { geometryOf, patchCount } from '../../mae/geometry.ts';
import { lenKeep } from '../../mae/masking.ts';
import { type Backend, Session } from '../session/session.ts';

/** Wrong attention is off by the size of the values (about 1); right attention by rounding: about 1e-6, or 1e-3. */
const TOLERANCE = { fp32: 1e-3, fp16: 2e-2 } as const;
/** Of a product's root mean square: a sum of thousands in float16 is off by less than this. */
const PRODUCT_TOLERANCE = 2e-2;
const HEADS = 2;

export interface AttentionCheck {
  /** The one to use; null when neither is right on this device. */
  readonly attention: AttentionKind | null;
  /** Largest absolute difference of each kind that was tried. */
  readonly errors: Readonly<Partial<Record<AttentionKind, number>>>;
}

/** Tries fused attention and, only where that is wrong, composed attention. */
export async function tryAttention(backend: Backend, config: ViTMAEConfig): Promise<AttentionCheck> {
  const errors: Partial<Record<AttentionKind, number>> = {};
  for (const kind of ['fused', 'composed'] as const) {
    const error = await attentionError(backend, kind, config, 'fp32');
    errors[kind] = error;
    if (error <= TOLERANCE.fp32) return { attention: kind, errors };
  }
  return { attention: null, errors };
}

/**
 * Whether the device computes rightly in fp16: attention of this kind, and the longest sums of the model's
 * linear layers.
 * @returns true, or what was wrong
 */
export async function tryFloat16(
  backend: Backend,
  config: ViTMAEConfig,
  kind: AttentionKind,
): Promise<true | DtypeObstacle> {
  const attention = await attentionError(backend, kind, config, 'fp16');
  if (!(attention <= TOLERANCE.fp16)) return { key: 'fp16-attention-wrong', params: { error: attention } };
  const product = await productError(backend, config);
  if (!(product <= PRODUCT_TOLERANCE)) return { key: 'fp16-too-coarse', params: { error: product } };
  return true;
}

async function attentionError(
  backend: Backend,
  kind: AttentionKind,
  config: ViTMAEConfig,
  dtype: FloatDtype,
): Promise<number> {
  const length = patchCount(geometryOf(config).grid);
  const tries = [
    {
      tokens: 1 + lenKeep(length, config.mask_ratio),
      headSize: config.hidden_size / config.num_attention_heads,
    },
    { tokens: 1 + length, headSize: config.hidden_size / config.num_attention_heads },
    { tokens: 1 + length, headSize: config.decoder_hidden_size / config.decoder_num_attention_heads },
  ];
  let worst = 0;
  for (const { tokens, headSize } of tries) {
    const width = HEADS * headSize;
    const inputs = [1, 2, 3].map((seed) => wave(tokens * width, seed)) as [
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
    ];
    const [query, key, value] = inputs;
    const actual = await runOnce(backend, buildAttention(kind, tokens, HEADS, headSize, dtype), 'context', {
      query: { data: query, dims: [tokens, width] },
      key: { data: key, dims: [tokens, width] },
      value: { data: value, dims: [tokens, width] },
    });
    const expected = attentionReference(...inputs, tokens, HEADS, headSize);
    worst = Math.max(worst, largestDifference(actual, expected));
  }
  return worst;
}

/** Root mean square of the error over that of the product itself. */
async function productError(backend: Backend, config: ViTMAEConfig): Promise<number> {
  const tokens = 8;
  const inWidth = Math.max(config.intermediate_size, config.decoder_intermediate_size);
  const outWidth = 64;
  const x = wave(tokens * inWidth, 4);
  const weight = wave(inWidth * outWidth, 5);
  const actual = await runOnce(backend, buildProduct(tokens, inWidth, outWidth, 'fp16'), 'y', {
    x: { data: x, dims: [tokens, inWidth] },
    weight: { data: weight, dims: [inWidth, outWidth] },
  });
  let errors = 0;
  let squares = 0;
  for (let row = 0; row < tokens; row++) {
    for (let column = 0; column < outWidth; column++) {
      let sum = 0;
      for (let i = 0; i < inWidth; i++)
        sum += (x[row * inWidth + i] as number) * (weight[i * outWidth + column] as number);
      errors += ((actual[row * outWidth + column] ?? Number.NaN) - sum) ** 2;
      squares += sum ** 2;
    }
  }
  return Math.sqrt(errors / squares);
}

/** Nothing at all where the runtime gives nothing: that differs from any expectation. */
async function runOnce(
  backend: Backend,
  graph: Graph,
  output: string,
  inputs: Readonly<
    Record<string, { readonly data: Float32Array<ArrayBuffer>; readonly dims: readonly number[] }>
  >,
): Promise<Float32Array> {
  const session = await Session.create(backend, graph, null);
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, dims }]) => [
        name,
        new backend.ort.Tensor('float32', data, dims),
      ]),
    );
    const tensor = (await session.run(feeds))[output];
    return tensor === undefined ? new Float32Array() : ((await tensor.getData()) as Float32Array);
  } finally {
    await session.release();
  }
}

/** softmax(q kᵀ / sqrt(headSize)) v per head, in doubles; everything [tokens, heads · headSize]. */
export function attentionReference(
  query: Float32Array,
  key: Float32Array,
  value: Float32Array,
  tokens: number,
  heads: number,
  headSize: number,
): Float32Array {
  const width = heads * headSize;
  const context = new Float32Array(tokens * width);
  const scores = new Float64Array(tokens);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < tokens; i++) {
      const row = i * width + head * headSize;
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < tokens; j++) {
        let dot = 0;
        for (let d = 0; d < headSize; d++)
          dot += (query[row + d] as number) * (key[j * width + head * headSize + d] as number);
        const score = dot / Math.sqrt(headSize);
        scores[j] = score;
        largest = Math.max(largest, score);
      }
      let sum = 0;
      for (let j = 0; j < tokens; j++) {
        const weight = Math.exp((scores[j] as number) - largest);
        scores[j] = weight;
        sum += weight;
      }
      for (let d = 0; d < headSize; d++) {
        let mixed = 0;
        for (let j = 0; j < tokens; j++)
          mixed += (scores[j] as number) * (value[j * width + head * headSize + d] as number);
        context[row + d] = mixed / sum;
      }
    }
  }
  return context;
}

/** Numbers of about unit size without a pattern that attention would average away. */
function wave(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.SQRT2 * Math.sin((i + 1) * (i + seed) * 0.618 * seed),
  );
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] as number));
    // NaN compares false with everything, so it is asked for by name.
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, difference);
  }
  return worst;
}
