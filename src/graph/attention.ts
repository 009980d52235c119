import type { ViTMAEConfig } from '../mae/config.ts';
import { type Graph, GraphBuilder } from './builder.ts';
import type { AttentionKind, Dtype, GraphOptions } from './graph-options.ts';
import { type Half, stackOf } from './stacks.ts';
import {
  attentionProbabilities,
  builderFor,
  composedAttention,
  floatTypes,
  fusedAttention,
  layerNorm,
  projections,
} from './transformer.ts';

/** The types of arithmetic that attention can have; int8 is for linear layers alone. */
export type FloatDtype = Exclude<Dtype, 'q8'>;

/**
 * Attention alone, to try on a device before trusting it: `query`, `key` and `value`
 * [tokens, width]; gives `context` [1, tokens, width]. Inputs and output are float32 in any case.
 */
export function buildAttention(
  kind: AttentionKind,
  tokens: number,
  heads: number,
  headSize: number,
  dtype: FloatDtype = 'fp32',
): Graph {
  const g = new GraphBuilder(`${kind} attention`, floatTypes(dtype));
  const width = heads * headSize;
  const [query, key, value] = (['query', 'key', 'value'] as const).map((name) =>
    g.toComputeType(g.input(name, 'float32', [tokens, width])),
  ) as [string, string, string];
  const shape = { width, heads };
  const context =
    kind === 'fused'
      ? fusedAttention(g, shape, g.ints([-1, tokens, width]), query, key, value)
      : composedAttention(g, shape, g.ints([-1, tokens, heads, headSize]), query, key, value);
  const rows = g.toFloat32(g.node('Reshape', [context, g.ints([1, tokens, width])]));
  g.output(rows, 'context', [1, tokens, width]);
  return g.finish();
}

/** One linear layer without bias: `x` [tokens, in] by `weight` [in, out] gives `y` [tokens, out]; all float32 outside. */
export function buildProduct(tokens: number, inWidth: number, outWidth: number, dtype: FloatDtype): Graph {
  const g = new GraphBuilder('product', floatTypes(dtype));
  const x = g.toComputeType(g.input('x', 'float32', [tokens, inWidth]));
  const weight = g.toComputeType(g.input('weight', 'float32', [inWidth, outWidth]));
  g.output(g.toFloat32(g.node('Gemm', [x, weight])), 'y', [tokens, outWidth]);
  return g.finish();
}

/**
 * What the tokens before a layer attend to in it: `hidden_state` [B, T, width] float32 gives `attentions`
 * [B, heads, T, T], after the softmax. Holds the weights of that layer's queries and keys alone.
 */
export function buildAttentionProbe(
  config: ViTMAEConfig,
  options: GraphOptions,
  half: Half,
  layer: number,
): Graph {
  const stack = stackOf(half, config);
  const { width, heads } = stack;
  const prefix = `${stack.prefix}.${layer}`;
  const g = builderFor(`${half} layer ${layer}`, options);
  const hidden = g.toComputeType(g.input('hidden_state', 'float32', ['B', 'T', width]));
  const rows = g.node('Reshape', [hidden, g.ints([-1, width])]);
  const normed = layerNorm(g, rows, `${prefix}.layernorm_before`, width, config.layer_norm_eps);
  const [query, key] = projections(g, config, options, normed, prefix, width, ['query', 'key']);
  const batch = g.node('Shape', [hidden], { start: 0n, end: 2n });
  const tokenShape = g.node('Concat', [batch, g.ints([heads, width / heads])], { axis: 0n });
  const probabilities = attentionProbabilities(g, stack, tokenShape, query as string, key as string);
  g.output(g.toFloat32(probabilities), 'attentions', ['B', heads, 'T', 'T']);
  return g.finish();
}
