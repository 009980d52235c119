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
import type { LayerStack } from './stacks.ts';

/** The tokens between two layers. */
interface Stream {
  /** [B*T, width] */
  readonly x: string;
  /** The same after the layer norm that comes next. */
  readonly normed: string;
}

/** How a stack is written. */
interface StackOptions {
  readonly options: GraphOptions;
  /** Shape tensor: [B, T, width] for fused attention, [B, T, heads, width / heads] for composed. */
  readonly tokenShape: string;
  /** Whether heads and layers can be switched off from outside: see `headMaskName` and `switchedVectors`. */
  readonly switchable?: boolean;
}

/**
 * The vector of a switchable graph that multiplies a layer's attention output before its projection: [width], a head's
 * factor for each of its values. To multiply the probabilities of a head, as the reference does, is the same.
 */
export function headMaskName(prefix: string): string {
  return `${prefix}.head_mask`;
}

/**
 * The other vectors of a layer that come into a switchable graph from outside, by their tensors' names. Where they and
 * the head mask are all zero, both branches of the layer are zero, and it leaves its tokens as they are.
 */
export function switchedVectors(prefix: string): readonly string[] {
  return [
    `${prefix}.attention.output.dense.bias`,
    `${prefix}.layernorm_after.weight`,
    `${prefix}.layernorm_after.bias`,
    `${prefix}.intermediate.dense.bias`,
    `${prefix}.output.dense.bias`,
  ];
}

/** The builder for a graph with these options. */
export function builderFor(name: string, { dtype, packedSwitches }: GraphOptions): GraphBuilder {
  return new GraphBuilder(name, { ...floatTypes(dtype), packSwitches: packedSwitches });
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
 * @param biases whether they have some, or come from outside
 */
export function linear(
  g: GraphBuilder,
  { dtype, layout }: Pick<GraphOptions, 'dtype' | 'layout'>,
  x: string,
  prefixes: readonly string[],
  inWidth: number,
  outWidth: number,
  biases: 'weights' | 'inputs' | 'none' = 'weights',
): string {
  const parts = prefixes.map((prefix) => ({ tensor: `${prefix}.weight`, out: outWidth }));
  const names = prefixes.map((prefix) => `${prefix}.bias`);
  const bias =
    biases === 'none'
      ? []
      : [
          biases === 'inputs'
            ? g.switchVector(names[0] ?? '', outWidth, 'tensor')
            : g.vectors(names, outWidth),
        ];
  if (dtype === 'q8') {
    const { values, scales } = g.int8Columns(parts, inWidth);
    // The empty one is the zero point: the weights' is zero.
    const rest = bias.length > 0 ? ['', ...bias] : [];
    return g.node('DynamicQuantizeMatMul', [x, values, scales, ...rest], {}, 'com.microsoft');
  }
  return layout === 'in-out'
    ? g.node('Gemm', [x, g.columns(parts, inWidth), ...bias])
    : g.node('Gemm', [x, g.rows(parts, inWidth), ...bias], { transB: 1n });
}

export function layerNorm(
  g: GraphBuilder,
  x: string,
  prefix: string,
  width: number,
  epsilon: number,
): string {
  return g.node('LayerNormalization', [x, ...normWeights(g, { prefix, width })], { axis: -1n, epsilon });
}

interface Norm {
  readonly prefix: string;
  readonly width: number;
  readonly epsilon: number;
  /** Whether its vectors come from outside. */
  readonly fromInputs?: boolean;
}

function normWeights(g: GraphBuilder, { prefix, width, fromInputs }: Omit<Norm, 'epsilon'>): string[] {
  return [`${prefix}.weight`, `${prefix}.bias`].map((name) =>
    fromInputs === true ? g.switchVector(name, width, 'tensor') : g.weight(name, width, [width]),
  );
}

/** A branch added to the tokens, and the layer norm that comes next. */
function addAndNorm(
  g: GraphBuilder,
  { standardOperators }: GraphOptions,
  branch: string,
  x: string,
  norm: Norm,
): Stream {
  const { epsilon } = norm;
  if (standardOperators) {
    const sum = g.node('Add', [branch, x]);
    const inputs = [sum, ...normWeights(g, norm)];
    return { x: sum, normed: g.node('LayerNormalization', inputs, { axis: -1n, epsilon }) };
  }
  const inputs = [branch, x, ...normWeights(g, norm)];
  const attributes = { epsilon };
  const names = g.nodeWithOutputs('SkipLayerNormalization', inputs, 4, attributes, 'com.microsoft', [1, 2]);
  return { x: names[3], normed: names[0] };
}

/**
 * @param tokens [B, T, width]
 * @returns [B*T, width]: what each layer gives, and the last after the last layer norm
 */
export function transformerStack(
  g: GraphBuilder,
  config: ViTMAEConfig,
  tokens: string,
  stack: LayerStack,
  how: StackOptions,
): { readonly hidden: readonly string[]; readonly normed: string } {
  const { prefix, lastNorm, layers, width } = stack;
  const nextNorm = (i: number) => (i < layers ? `${prefix}.${i}.layernorm_before` : lastNorm);
  const x = g.node('Reshape', [tokens, g.ints([-1, width])]);
  let stream: Stream = { x, normed: layerNorm(g, x, nextNorm(0), width, config.layer_norm_eps) };
  const hidden: string[] = [];
  for (let i = 0; i < layers; i++) {
    stream = transformerLayer(g, config, stack, how, i, stream, nextNorm(i + 1));
    hidden.push(stream.x);
  }
  return { hidden, normed: stream.normed };
}

/**
 * A half's layers as its session runs them: heads and layers can be switched off, and hidden states are outputs.
 * @param tokens [B, T, width]
 * @param tokenIndex [B, T], for the shape alone
 * @returns the tokens after the last layer norm, [B, T, width]
 */
export function sessionStack(
  g: GraphBuilder,
  config: ViTMAEConfig,
  options: GraphOptions,
  stack: LayerStack,
  tokens: string,
  tokenIndex: string,
): string {
  const { heads, width } = stack;
  const shape3d = g.node('Shape', [tokens]);
  const tokenShape =
    options.attention === 'fused'
      ? shape3d
      : g.node('Concat', [g.node('Shape', [tokenIndex]), g.ints([heads, width / heads])], { axis: 0n });
  const { hidden, normed } = transformerStack(g, config, tokens, stack, {
    options,
    tokenShape,
    switchable: true,
  });
  outputHiddenStates(g, tokens, hidden, width);
  return g.node('Reshape', [normed, shape3d]);
}

function transformerLayer(
  g: GraphBuilder,
  config: ViTMAEConfig,
  stack: LayerStack,
  { options, tokenShape, switchable = false }: StackOptions,
  layer: number,
  { x, normed }: Stream,
  nextNorm: string,
): Stream {
  const { width, intermediate } = stack;
  const prefix = `${stack.prefix}.${layer}`;
  const epsilon = config.layer_norm_eps;
  const biases = switchable ? 'inputs' : 'weights';

  const [query, key, value] = projections(g, config, options, normed, prefix, width, [
    'query',
    'key',
    'value',
  ]);
  const attended = (options.attention === 'fused' ? fusedAttention : composedAttention)(
    g,
    stack,
    tokenShape,
    query as string,
    key as string,
    value as string,
  );
  const rows = g.node('Reshape', [attended, g.ints([-1, width])]);
  const context = switchable
    ? g.node('Mul', [rows, g.switchVector(headMaskName(prefix), width, 'ones')])
    : rows;
  const projected = linear(g, options, context, [`${prefix}.attention.output.dense`], width, width, biases);
  const middle = addAndNorm(g, options, projected, x, {
    prefix: `${prefix}.layernorm_after`,
    width,
    epsilon,
    fromInputs: switchable,
  });

  const hidden = linear(
    g,
    options,
    middle.normed,
    [`${prefix}.intermediate.dense`],
    width,
    intermediate,
    biases,
  );
  const activated = activation(g, config.hidden_act, hidden, options.standardOperators);
  const branch = linear(g, options, activated, [`${prefix}.output.dense`], intermediate, width, biases);
  return addAndNorm(g, options, branch, middle.x, { prefix: nextNorm, width, epsilon });
}

/** Some of query, key and value, [B*T, width] each. */
export function projections(
  g: GraphBuilder,
  { qkv_bias }: Pick<ViTMAEConfig, 'qkv_bias'>,
  options: GraphOptions,
  x: string,
  prefix: string,
  width: number,
  which: readonly ('query' | 'key' | 'value')[],
): readonly string[] {
  const names = which.map((name) => `${prefix}.attention.attention.${name}`);
  const biases = qkv_bias ? 'weights' : 'none';
  if (options.packedProjections) {
    const all = linear(g, options, x, names, width, width, biases);
    const count = which.length as 2 | 3;
    return g.nodeWithOutputs('Split', [all], count, { axis: -1n, num_outputs: BigInt(count) });
  }
  return names.map((name) => linear(g, options, x, [name], width, width, biases));
}

type AttentionShape = Pick<LayerStack, 'width' | 'heads'>;

/** Gives [B, T, width]. */
export function fusedAttention(
  g: GraphBuilder,
  shape: AttentionShape,
  tokenShape: string,
  query: string,
  key: string,
  value: string,
): string {
  const inputs = [query, key, value].map((x) => g.node('Reshape', [x, tokenShape]));
  const scale = (shape.width / shape.heads) ** -0.5;
  return g.node('MultiHeadAttention', inputs, { num_heads: BigInt(shape.heads), scale }, 'com.microsoft');
}

/** Gives [B, T, heads, width / heads]. */
export function composedAttention(
  g: GraphBuilder,
  shape: AttentionShape,
  tokenShape: string,
  query: string,
  key: string,
  value: string,
): string {
  const probabilities = attentionProbabilities(g, shape, tokenShape, query, key);
  const mixed = g.node('MatMul', [probabilities, byHead(g, value, tokenShape, [0n, 2n, 1n, 3n])]);
  return g.node('Transpose', [mixed], { perm: [0n, 2n, 1n, 3n] });
}

/**
 * What every token attends to, [B, heads, T, T].
 * @param tokenShape [B, T, heads, width / heads]
 */
export function attentionProbabilities(
  g: GraphBuilder,
  shape: AttentionShape,
  tokenShape: string,
  query: string,
  key: string,
): string {
  const queries = byHead(g, query, tokenShape, [0n, 2n, 1n, 3n]);
  const scores = g.node('MatMul', [queries, byHead(g, key, tokenShape, [0n, 2n, 3n, 1n])]);
  // Not ** -0.5, whose last digit differs between engines, and with it the constant's name.
  const scaled = g.node('Mul', [scores, g.float(1 / Math.sqrt(shape.width / shape.heads))]);
  return g.node('Softmax', [scaled], { axis: -1n });
}

function byHead(g: GraphBuilder, x: string, tokenShape: string, perm: readonly bigint[]): string {
  return g.node('Transpose', [g.node('Reshape', [x, tokenShape])], { perm });
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

/** Makes the tokens before the first layer, [B, T, width], and those after each layer outputs `hidden_states.{i}`. */
function outputHiddenStates(g: GraphBuilder, tokens: string, hidden: readonly string[], width: number): void {
  g.output(tokens, 'hidden_states.0', ['B', 'tokens', width], g.computeType);
  for (const [i, x] of hidden.entries())
    g.output(x, `hidden_states.${i + 1}`, ['B * tokens', width], g.computeType);
}
