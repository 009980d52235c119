/**
 * A canary for attention: a GPU driver can compute it wrongly without any error, so before a model runs, both
 * forms of attention are tried on the device against plain arithmetic, at the lengths and head sizes in use.
 */
import { buildAttention } from '../graph/attention.ts';
import type { AttentionKind } from '../graph/transformer.ts';
import type { ViTMAEConfig } from '../mae/config.ts';
import { numPatches } from '../mae/geometry.ts';
import { lenKeep } from '../mae/masking.ts';
import { type Backend, Session } from './session.ts';

/** Wrong attention is off by the size of the values (about 1); right attention by rounding (about 1e-6). */
const TOLERANCE = 1e-3;
const HEADS = 2;

export interface CanaryReport {
  /** The form to use; null when neither is right on this device. */
  readonly attention: AttentionKind | null;
  /** Largest absolute difference of each form that was tried. */
  readonly errors: Readonly<Partial<Record<AttentionKind, number>>>;
}

/** Tries fused attention and, only where that is wrong, composed attention. */
export async function tryAttention(backend: Backend, config: ViTMAEConfig): Promise<CanaryReport> {
  const errors: Partial<Record<AttentionKind, number>> = {};
  for (const kind of ['fused', 'composed'] as const) {
    const error = await attentionError(backend, kind, config);
    errors[kind] = error;
    if (error <= TOLERANCE) return { attention: kind, errors };
  }
  return { attention: null, errors };
}

async function attentionError(backend: Backend, kind: AttentionKind, config: ViTMAEConfig): Promise<number> {
  const length = numPatches(config);
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
    const session = await Session.create(backend, buildAttention(kind, tokens, HEADS, headSize), null);
    const inputs = [1, 2, 3].map((seed) => wave(tokens * HEADS * headSize, seed)) as [
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
      Float32Array<ArrayBuffer>,
    ];
    const [query, key, value] = inputs.map(
      (data) => new backend.ort.Tensor('float32', data, [tokens, HEADS * headSize]),
    );
    try {
      if (query === undefined || key === undefined || value === undefined) return Number.POSITIVE_INFINITY;
      const { context } = await session.run({ query, key, value });
      if (context === undefined) return Number.POSITIVE_INFINITY;
      const actual = (await context.getData()) as Float32Array;
      worst = Math.max(
        worst,
        largestDifference(actual, attentionReference(...inputs, tokens, HEADS, headSize)),
      );
    } finally {
      await session.release();
    }
  }
  return worst;
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
