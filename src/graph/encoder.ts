import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, patchArea, patchCount, patchLength } from '../mae/geometry.ts';
import type { Graph, GraphBuilder } from './builder.ts';
import type { GraphOptions } from './graph-options.ts';
import { builderFor, linear, transformerStack } from './transformer.ts';

export interface EncoderVariant {
  /** Also gives `hidden_states.{i}`: the embeddings and each layer's output, before the last layer norm. */
  readonly hiddenStates?: boolean;
  /** Also gives `attentions.{i}`; implies composed attention. */
  readonly attentions?: boolean;
  /** Also takes `head_mask` [layers, heads], 1 = keep; implies composed attention. */
  readonly headMask?: boolean;
}

/**
 * The encoder: everything in ViTMAEModel after random_masking has chosen the patches.
 *
 * Inputs, for B images with K visible patches each and T = 1 + K tokens:
 * - `patches` [P, p·p·3] fp32: visible patches as patchify gives them. P = B·K; one unused row where K = 0,
 *   because an empty tensor is not something every device accepts.
 * - `positions` [P] int32: each patch's index in its image, 0 to L - 1.
 * - `token_index` [B, T] int32: row of each token in [CLS, patches...]: 0, then 1 + the row in `patches`.
 * - `head_mask` [layers, heads] float32, in that variant.
 *
 * Outputs: `last_hidden_state` [B, T, D]; in variants `hidden_states.{i}` [B, T, D] for 0 to layers, and
 * `attentions.{i}` [B, heads, T, T].
 *
 * Position embeddings are added before masking in the reference; adding them to the visible patches only is
 * the same sum.
 */
export function buildEncoder(
  config: ViTMAEConfig,
  wanted: GraphOptions,
  variant: EncoderVariant = {},
): Graph {
  const { hidden_size: width, num_attention_heads: heads, num_hidden_layers: layers } = config;
  const composed =
    variant.attentions === true || variant.headMask === true || wanted.attention === 'composed';
  const options: GraphOptions = { ...wanted, attention: composed ? 'composed' : 'fused' };
  const g = builderFor('ViTMAE encoder', options);
  const geometry = geometryOf(config);
  const values = patchLength(geometry);

  const patches = g.input('patches', 'float32', ['P', values]);
  const positions = g.input('positions', 'int32', ['P']);
  const tokenIndex = g.input('token_index', 'int32', ['B', 'T']);
  const headMask = variant.headMask === true ? g.input('head_mask', 'float32', [layers, heads]) : undefined;

  // The projection is a convolution whose kernel lies channel first; a patch has its channels last.
  const pixels = g.node('Reshape', [
    g.toComputeType(patches),
    g.ints([-1, patchArea(geometry), geometry.channels]),
  ]);
  const channelFirst = g.node('Transpose', [pixels], { perm: [0n, 2n, 1n] });
  const rows = g.node('Reshape', [channelFirst, g.ints([-1, values])]);
  const kernel = 'vit.embeddings.patch_embeddings.projection';
  const projected = linear(g, options, rows, [kernel], values, width);

  const table = 'vit.embeddings.position_embeddings';
  const length = patchCount(geometry.grid);
  const tableElements = (length + 1) * width;
  const patchPositions = g.weight(table, tableElements, [length, width], width);
  const embedded = g.node('Add', [projected, g.node('Gather', [patchPositions, positions], { axis: 0n })]);
  const cls = g.node('Add', [
    g.weight('vit.embeddings.cls_token', width, [1, width]),
    g.weight(table, tableElements, [1, width]),
  ]);
  const rowsWithCls = g.node('Concat', [cls, embedded], { axis: 0n });
  const tokens = g.node('Gather', [rowsWithCls, tokenIndex], { axis: 0n });

  const shape3d = g.node('Shape', [tokens]);
  const tokenShape = composed
    ? g.node('Concat', [g.node('Shape', [tokenIndex]), g.ints([heads, width / heads])], { axis: 0n })
    : shape3d;

  const normed = transformerStack(g, config, tokens, {
    prefix: 'vit.encoder.layer',
    lastNorm: 'vit.layernorm',
    layers,
    shape: { width, intermediate: config.intermediate_size, heads },
    options,
    tokenShape,
    headMask: headMask === undefined ? undefined : (i) => headMaskOfLayer(g, headMask, i, heads),
    onLayer(i, { x, probabilities }) {
      if (variant.hiddenStates === true) {
        const hidden = g.toFloat32(g.node('Reshape', [x, shape3d]));
        g.output(hidden, `hidden_states.${i + 1}`, ['B', 'T', width]);
      }
      if (variant.attentions === true && probabilities !== undefined)
        g.output(g.toFloat32(probabilities), `attentions.${i}`, ['B', heads, 'T', 'T']);
    },
  });
  if (variant.hiddenStates === true) g.output(g.toFloat32(tokens), 'hidden_states.0', ['B', 'T', width]);
  const latent = g.toFloat32(g.node('Reshape', [normed, shape3d]));
  g.output(latent, 'last_hidden_state', ['B', 'T', width]);
  return g.finish();
}

/** One layer's row of head_mask as [1, heads, 1, 1]. */
function headMaskOfLayer(g: GraphBuilder, headMask: string, layer: number, heads: number): string {
  const row = g.toComputeType(g.node('Gather', [headMask, g.ints([layer])], { axis: 0n }));
  return g.node('Reshape', [row, g.ints([1, heads, 1, 1])]);
}
