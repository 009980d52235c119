import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, patchArea, patchLength } from '../mae/geometry.ts';
import type { Graph } from './builder.ts';
import type { GraphOptions } from './graph-options.ts';
import { stackOf } from './stacks.ts';
import { builderFor, linear, sessionStack } from './transformer.ts';

/**
 * The encoder: everything in ViTMAEModel after random_masking has chosen the patches.
 *
 * Inputs, for B images with K visible patches each and T = 1 + K tokens:
 * - `patches` [P, p·p·C] float32: visible patches as patchify gives them. P = B·K; one unused row where K = 0,
 *   because an empty tensor is not something every device accepts.
 * - `position_embeddings` [1 + P, D]: the CLS token's, then that of each row of `patches`.
 * - `token_index` [B, T] int32: row of each token in [CLS, patches...]: 0, then 1 + the row in `patches`.
 * - for each layer those of `headMaskName` and `switchedVectors`.
 *
 * Outputs: `last_hidden_state` [B, T, D] float32. Those that are fetched only on request: `hidden_states.0` [B, T, D],
 * the embeddings, and `hidden_states.{i}` [B·T, D], after layer i, before the last layer norm.
 *
 * Positions, head masks, vectors and hidden states are of the type that the graph computes in. Position embeddings are
 * added before masking in the reference; adding them to the visible patches only is the same sum.
 */
export function buildEncoder(config: ViTMAEConfig, options: GraphOptions): Graph {
  const stack = stackOf('encoder', config);
  const { width } = stack;
  const g = builderFor('ViTMAE encoder', options);
  const geometry = geometryOf(config);
  const values = patchLength(geometry);

  const patches = g.input('patches', 'float32', ['P', values]);
  const positions = g.input('position_embeddings', g.computeType, ['P + 1', width]);
  const tokenIndex = g.input('token_index', 'int32', ['B', 'T']);

  // The projection is a convolution whose kernel lies channel first; a patch has its channels last.
  const pixels = g.node('Reshape', [
    g.toComputeType(patches),
    g.ints([-1, patchArea(geometry), geometry.channels]),
  ]);
  const channelFirst = g.node('Transpose', [pixels], { perm: [0n, 2n, 1n] });
  const rows = g.node('Reshape', [channelFirst, g.ints([-1, values])]);
  const projected = linear(g, options, rows, ['vit.embeddings.patch_embeddings.projection'], values, width);

  const cls = g.weight('vit.embeddings.cls_token', width, [1, width]);
  const embedded = g.node('Add', [g.node('Concat', [cls, projected], { axis: 0n }), positions]);
  const tokens = g.node('Gather', [embedded, tokenIndex], { axis: 0n });

  const latent = g.toFloat32(sessionStack(g, config, options, stack, tokens, tokenIndex));
  g.output(latent, 'last_hidden_state', ['B', 'T', width]);
  return g.finish();
}
