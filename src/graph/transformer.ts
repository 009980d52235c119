/**
 * The pre-LN transformer layer that encoder and decoder share (Dosovitskiy et al. 2020, equations 2 and 3):
 * x += attention(layernorm_before(x)); x += fc2(act(fc1(layernorm_after(x)))).
 *
 * Tokens are two-dimensional, [B*T, width], so that each projection is one Gemm with its bias.
 */
import type { ViTMAEConfig } from '../mae/config.ts';
import { GraphBuilder } from './builder.ts';
import type { Dtype, GraphOptions } from './graph-options.ts';
import type { WeightType } from './placement.ts';

export interface LayerShape {
  readonly width: number;
  readonly intermediate: number;
  readonly heads: number;
}

/** The tokens between two layers. */
interface Stream {
  /** [B*T, width] */
  readonly x: string;
  /** The same after the layer norm that comes next. */
  readonly normed: string;
}

interface LayerInputs extends Stream {
  readonly options: GraphOptions;
  /** Prefix of the layer's tensors, such as `vit.encoder.layer.0`. */
  readonly prefix: string;
  /** Prefix of the layer norm that follows: the next layer's first, or the last of all. */
  readonly nextNorm: string;
  /** Shape tensor: [B, T, width] for fused attention, [B, T, heads, width / heads] for composed. */
  readonly tokenShape: string;
  /** [1, heads, 1, 1], multiplies the probabilities after the softmax; composed attention only. */
  readonly headMask?: string;
}

export interface LayerOutputs extends Stream {
  /** [B, heads, T, T] after the softmax and the head mask; composed attention only. */
  readonly probabilities?: string;
}

/** Layers one after another, and the layer norm after the last. */
export interface Stack extends Pick<LayerInputs, 'options' | 'tokenShape'> {
  /** Prefix of the layers' tensors without their number, such as `vit.encoder.layer`. */
  readonly prefix: string;
  readonly lastNorm: string;
  readonly layers: number;
  readonly shape: LayerShape;
  /** As in `LayerInputs`, for each layer. */
  readonly headMask?: ((layer: number) => string) | undefined;
  readonly onLayer?: (layer: number, outputs: LayerOutputs) => void;
}

/** The builder for a graph with these options. */
export function builderFor(name: string, { dtype }: GraphOptions): GraphBuilder {
  return new GraphBuilder(name, floatTypes(dtype));
}

/** What a graph stores and computes in where it does not multiply integers. */
export function floatTypes(dtype: Dtype): {
  readonly weightType: WeightType;
  readonly computeType: WeightType;
} {
  const type = dtype === 'fp16' ? 'float16' : 'float32';
  return { weightType: type, computeType: type };
}

/**
 * Linear layers of one input, [T, in] to [T, out each], side by side where there are several of them.
 * @param prefixes of their `weight` and `bias`, which the checkpoint has as [out, in] and [out]
 */
export function linear(
  g: GraphBuilder,
  { dtype, layout }: Pick<GraphOptions, 'dtype' | 'layout'>,
  x: string,
  prefixes: readonly string[],
  inWidth: number,
  outWidth: number,
  hasBias = true,
): string {
  const parts = prefixes.map((prefix) => ({ tensor: `${prefix}.weight`, out: outWidth }));
  const biases = prefixes.map((prefix) => `${prefix}.bias`);
  const bias = hasBias ? [g.vectors(biases, outWidth)] : [];
  if (dtype === 'q8') {
    const { values, scales } = g.int8Columns(parts, inWidth);
    // The empty one is the zero point: the weights' is zero.
    const rest = hasBias ? ['', ...bias] : [];
    return g.node('DynamicQuantizeMatMul', [x, values, scales, ...rest], {}, 'com.microsoft');
  }
  return layout === 'in-out'
    ? g.node('Gemm', [x, g.columns(parts, inWidth), ...bias])
    : g.node('Gemm', [x, g.rows(parts, inWidth), ...bias], { transB: 1n });
}

function layerNorm(g: GraphBuilder, x: string, prefix: string, width: number, epsilon: number): string {
  return g.node('LayerNormalization', [x, ...normWeights(g, prefix, width)], { axis: -1n, epsilon });
}

function normWeights(g: GraphBuilder, prefix: string, width: number): [string, string] {
  return [g.weight(`${prefix}.weight`, width, [width]), g.weight(`${prefix}.bias`, width, [width])];
}

/** A branch added to the tokens, and the layer norm that comes next. */
function addAndNorm(
  g: GraphBuilder,
  { standardOperators }: GraphOptions,
  branch: string,
  x: string,
  norm: { readonly prefix: string; readonly width: number; readonly epsilon: number },
): Stream {
  const { prefix, width, epsilon } = norm;
  if (standardOperators) {
    const sum = g.node('Add', [branch, x]);
    return { x: sum, normed: layerNorm(g, sum, prefix, width, epsilon) };
  }
  const inputs = [branch, x, ...normWeights(g, prefix, width)];
  const attributes = { epsilon };
  const names = g.nodeWithOutputs('SkipLayerNormalization', inputs, 4, attributes, 'com.microsoft', [1, 2]);
  return { x: names[3], normed: names[0] };
}

/**
 * @param tokens [B, T, width]
 * @returns [B*T, width], after the last layer norm
 */
export function transformerStack(
  g: GraphBuilder,
  config: ViTMAEConfig,
  tokens: string,
  { prefix, lastNorm, layers, shape, options, tokenShape, headMask, onLayer }: Stack,
): string {
  const nextNorm = (i: number) => (i < layers ? `${prefix}.${i}.layernorm_before` : lastNorm);
  const x = g.node('Reshape', [tokens, g.ints([-1, shape.width])]);
  let stream: Stream = { x, normed: layerNorm(g, x, nextNorm(0), shape.width, config.layer_norm_eps) };
  for (let i = 0; i < layers; i++) {
    const outputs = transformerLayer(g, config, shape, {
      ...stream,
      options,
      prefix: `${prefix}.${i}`,
      nextNorm: nextNorm(i + 1),
      tokenShape,
      ...(headMask === undefined ? {} : { headMask: headMask(i) }),
    });
    onLayer?.(i, outputs);
    stream = outputs;
  }
  return stream.normed;
}

function transformerLayer(
  g: GraphBuilder,
  config: ViTMAEConfig,
  shape: LayerShape,
  inputs: LayerInputs,
): LayerOutputs {
  const { prefix, options } = inputs;
  const { width, intermediate } = shape;
  const epsilon = config.layer_norm_eps;

  const [query, key, value] = projections(g, options, inputs.normed, prefix, width, config.qkv_bias);
  const attended =
    options.attention === 'fused'
      ? { context: fusedAttention(g, shape, inputs.tokenShape, query, key, value) }
      : composedAttention(g, shape, inputs, query, key, value);
  const context = g.node('Reshape', [attended.context, g.ints([-1, width])]);
  const projected = linear(g, options, context, [`${prefix}.attention.output.dense`], width, width);
  const middle = addAndNorm(g, options, projected, inputs.x, {
    prefix: `${prefix}.layernorm_after`,
    width,
    epsilon,
  });

  const hidden = linear(g, options, middle.normed, [`${prefix}.intermediate.dense`], width, intermediate);
  const activated = activation(g, config.hidden_act, hidden, options.standardOperators);
  const branch = linear(g, options, activated, [`${prefix}.output.dense`], intermediate, width);
  const stream = addAndNorm(g, options, branch, middle.x, { prefix: inputs.nextNorm, width, epsilon });
  return 'probabilities' in attended ? { ...stream, probabilities: attended.probabilities } : stream;
}

/** Query, key and value, [B*T, width] each. */
function projections(
  g: GraphBuilder,
  options: GraphOptions,
  x: string,
  prefix: string,
  width: number,
  bias: boolean,
): [string, string, string] {
  const names = ['query', 'key', 'value'].map((name) => `${prefix}.attention.attention.${name}`);
  if (options.packedProjections) {
    const all = linear(g, options, x, names, width, width, bias);
    return g.nodeWithOutputs('Split', [all], 3, { axis: -1n, num_outputs: 3n });
  }
  return names.map((name) => linear(g, options, x, [name], width, width, bias)) as [string, string, string];
}

/** Gives [B, T, width]. */
export function fusedAttention(
  g: GraphBuilder,
  shape: Omit<LayerShape, 'intermediate'>,
  tokenShape: string,
  query: string,
  key: string,
  value: string,
): string {
  const inputs = [query, key, value].map((x) => g.node('Reshape', [x, tokenShape]));
  const scale = (shape.width / shape.heads) ** -0.5;
  return g.node('MultiHeadAttention', inputs, { num_heads: BigInt(shape.heads), scale }, 'com.microsoft');
}

/** Gives context [B, T, heads, width / heads] and probabilities [B, heads, T, T]. */
export function composedAttention(
  g: GraphBuilder,
  shape: Omit<LayerShape, 'intermediate'>,
  inputs: Pick<LayerInputs, 'tokenShape' | 'headMask'>,
  query: string,
  key: string,
  value: string,
): { context: string; probabilities: string } {
  const heads = (x: string, perm: readonly bigint[]) =>
    g.node('Transpose', [g.node('Reshape', [x, inputs.tokenShape])], { perm });
  const scores = g.node('MatMul', [heads(query, [0n, 2n, 1n, 3n]), heads(key, [0n, 2n, 3n, 1n])]);
  // Not ** -0.5, whose last digit differs between engines, and with it the constant's name.
  const scaled = g.node('Mul', [scores, g.float(1 / Math.sqrt(shape.width / shape.heads))]);
  const softmax = g.node('Softmax', [scaled], { axis: -1n });
  const probabilities = inputs.headMask === undefined ? softmax : g.node('Mul', [softmax, inputs.headMask]);
  const mixed = g.node('MatMul', [probabilities, heads(value, [0n, 2n, 1n, 3n])]);
  return { context: g.node('Transpose', [mixed], { perm: [0n, 2n, 1n, 3n] }), probabilities };
}

/** The activations of transformers' ACT2FN under their names there; `gelu` is exact (erf), `gelu_new` tanh. */
function activation(
  g: GraphBuilder,
  name: ViTMAEConfig['hidden_act'],
  x: string,
  standardOperators: boolean,
): string {
  switch (name) {
    case 'gelu':
      return g.node('Gelu', [x], {}, standardOperators ? '' : 'com.microsoft');
    case 'gelu_new':
      return g.node('Gelu', [x], { approximate: 'tanh' });
    case 'relu':
      return g.node('Relu', [x]);
    case 'selu':
      return g.node('Selu', [x]);
  }
}
