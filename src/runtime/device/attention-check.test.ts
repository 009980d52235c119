import type * as Ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../mae/config.ts';
import { loadNodeRuntime } from '../testing/node-runtime.ts';
import { attentionReference, tryAttention, tryFloat16 } from './attention-check.ts';

const config = parseConfig({ hidden_size: 64, num_attention_heads: 2, image_size: 96, patch_size: 16 });

describe('attentionReference', () => {
  test('equal keys give the mean of the values', () => {
    const context = attentionReference(
      Float32Array.of(1, 2),
      Float32Array.of(3, 3),
      Float32Array.of(10, 20),
      2,
      1,
      1,
    );
    expect([...context]).toEqual([15, 15]);
  });

  test('heads do not mix', () => {
    const values = Float32Array.of(1, 100, 3, 300);
    const context = attentionReference(new Float32Array(4), new Float32Array(4), values, 2, 2, 1);
    expect([...context]).toEqual([2, 200, 2, 200]);
  });
});

describe('tryAttention', () => {
  test('trusts a device that is right', async () => {
    const ort = await loadNodeRuntime('wasm');
    const { attention, errors } = await tryAttention({ kind: 'wasm', ort }, config);
    expect(attention).toBe('fused');
    expect(errors.fused).toBeLessThan(1e-5);
  });

  /** A runtime that spoils the results of graphs that hold one of these operators. */
  async function wrongRuntime(...operators: string[]): Promise<typeof Ort> {
    const ort = await loadNodeRuntime('wasm');
    const create = async (model: Uint8Array, options: Ort.InferenceSession.SessionOptions) => {
      const session = await ort.InferenceSession.create(model, options);
      const text = new TextDecoder('latin1').decode(model);
      if (!operators.some((operator) => text.includes(operator))) return session;
      return {
        async run(feeds: Ort.InferenceSession.FeedsType) {
          const outputs = await session.run(feeds);
          for (const tensor of Object.values(outputs)) (tensor.data as Float32Array)[3] = Number.NaN;
          return outputs;
        },
        release: () => session.release(),
      };
    };
    return { ...ort, InferenceSession: { create } } as unknown as typeof Ort;
  }

  test('trusts float16 that is right, and says what was wrong elsewhere', async () => {
    const right = { kind: 'wasm', ort: await loadNodeRuntime('wasm') } as const;
    expect(await tryFloat16(right, config, 'fused')).toBe(true);
    expect(await tryFloat16(right, config, 'composed')).toBe(true);
    const attention = { kind: 'wasm', ort: await wrongRuntime('MultiHeadAttention') } as const;
    expect(await tryFloat16(attention, config, 'fused')).toMatchObject({ key: 'fp16-attention-wrong' });
    const products = { kind: 'wasm', ort: await wrongRuntime('Gemm') } as const;
    expect(await tryFloat16(products, config, 'fused')).toMatchObject({ key: 'fp16-too-coarse' });
  });

  test('falls back to composed attention where the fused operator is wrong', async () => {
    const { attention, errors } = await tryAttention(
      { kind: 'wasm', ort: await wrongRuntime('MultiHeadAttention') },
      config,
    );
    expect(attention).toBe('composed');
    expect(errors.fused).toBe(Number.POSITIVE_INFINITY);
  });

  test('trusts nothing where both are wrong', async () => {
    const ort = await wrongRuntime('MultiHeadAttention', 'Softmax');
    expect((await tryAttention({ kind: 'wasm', ort }, config)).attention).toBeNull();
  });
});
