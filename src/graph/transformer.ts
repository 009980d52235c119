/**
 * The pre-LN transformer layer that encoder and decoder share (Dosovitskiy et al. 2020, equations 2 and 3):
 * x += attention(layernorm_before(x)); x += fc2(act(fc1(layernorm_after(x)))).
 *
 * Tokens are two-dimensional, [B*T, width], so that each projection is one Gemm with its bias.
 */
import type { ViTMAEConfig } from '../mae/config.ts';
import type { GraphBuilder } from './builder.ts';

/** Attention as com.microsoft.MultiHeadAttention, or as MatMul and Softmax, which expose the probabilities. */
export type AttentionKind = 'fused' | 'composed';

export interface LayerShape {
  readonly width: number;
  readonly intermediate: number;
  readonly heads: number;
}

export interface LayerInputs {
  /** Prefix of the layer's tensors, such as `vit.encoder.layer.0`. */
  readonly prefix: string;
  /** [B*T, width] */
  readonly x: string;
  /** Shape tensor: [B, T, width] for fused attention, [B, T, heads, width / heads] for composed. */
  readonly tokenShape: string;
  readonly attention: AttentionKind;
  /** Whether operators of ONNX itself must do; the runtime's own are faster in places. */
  readonly standardOperators?: boolean;
  /** [1, heads, 1, 1], multiplies the probabilities after the softmax; composed attention only. */
  readonly headMask?: string;
}

export interface LayerOutputs {
  /** [B*T, width] */
  readonly x: string;
  /** [B, heads, T, T] after the softmax and the head mask; composed attention only. */
  readonly probabilities?: string;
}

/** Gemm with the weight as PyTorch stores it, [out, in]. */
export function linear(
  g: GraphBuilder,
  x: string,
  prefix: string,
  inWidth: number,
  outWidth: number,
  bias = true,
): string {
  const inputs = [x, g.weight(`${prefix}.weight`, outWidth * inWidth, [outWidth, inWidth])];
  if (bias) inputs.push(g.weight(`${prefix}.bias`, outWidth, [outWidth]));
  return g.node('Gemm', inputs, { transB: 1n });
}

export function layerNorm(
  g: GraphBuilder,
  x: string,
  prefix: string,
  width: number,
  epsilon: number,
): string {
  const weight = g.weight(`${prefix}.weight`, width, [width]);
  const bias = g.weight(`${prefix}.bias`, width, [width]);
  return g.node('LayerNormalization', [x, weight, bias], { axis: -1n, epsilon });
}

export function transformerLayer(
  g: GraphBuilder,
  config: ViTMAEConfig,
  shape: LayerShape,
  inputs: LayerInputs,
): LayerOutputs {
  const { prefix } = inputs;
  const { width, intermediate } = shape;
  const epsilon = config.layer_norm_eps;

  const normed = layerNorm(g, inputs.x, `${prefix}.layernorm_before`, width, epsilon);
  const [query, key, value] = (['query', 'key', 'value'] as const).map((name) =>
    linear(g, normed, `${prefix}.attention.attention.${name}`, width, width, config.qkv_bias),
  ) as [string, string, string];
  const attended =
    inputs.attention === 'fused'
      ? { context: fusedAttention(g, shape, inputs.tokenShape, query, key, value) }
      : composedAttention(g, shape, inputs, query, key, value);
  const context = g.node('Reshape', [attended.context, g.ints([-1, width])]);
  const projected = linear(g, context, `${prefix}.attention.output.dense`, width, width);
  const afterAttention = g.node('Add', [projected, inputs.x]);

  const normedAgain = layerNorm(g, afterAttention, `${prefix}.layernorm_after`, width, epsilon);
  const hidden = linear(g, normedAgain, `${prefix}.intermediate.dense`, width, intermediate);
  const activated = activation(g, config.hidden_act, hidden, inputs.standardOperators === true);
  const x = g.node('Add', [
    linear(g, activated, `${prefix}.output.dense`, intermediate, width),
    afterAttention,
  ]);
  return 'probabilities' in attended ? { x, probabilities: attended.probabilities } : { x };
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
