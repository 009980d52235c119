import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, patchLength } from '../mae/geometry.ts';
import type { Graph, GraphBuilder } from './builder.ts';
import type { GraphOptions } from './graph-options.ts';
import { stackOf } from './stacks.ts';
import { builderFor, layerNorm, linear, sessionStack } from './transformer.ts';

/** The end of an axis, whatever its length. */
const END = 2 ** 31 - 1;

/**
 * The decoder, ViTMAEDecoder: fills the gaps with the mask token and predicts every patch.
 *
 * Inputs, for B images with T tokens from the encoder and L patches each:
 * - `last_hidden_state` [B, T, D] float32: the encoder's output.
 * - `token_index` [B, 1 + L] int32: row of each token in [all latents..., mask token]: for image b its CLS
 *   row b·T, then per patch b·T + 1 + ids_restore where the patch is visible and B·T where it is masked.
 * - `position_embeddings` [1, 1 + L, E], and for each layer head mask and vectors, as in the encoder.
 *
 * Outputs: `logits` [B·L, p·p·C] float32; on request `hidden_states.0` [B, 1 + L, E] and `hidden_states.{i}`
 * [B·(1 + L), E].
 */
export function buildDecoder(config: ViTMAEConfig, options: GraphOptions): Graph {
  const stack = stackOf('decoder', config);
  const { width } = stack;
  const g = builderFor('ViTMAE decoder', options);

  const latent = g.input('last_hidden_state', 'float32', ['B', 'T', config.hidden_size]);
  const tokenIndex = g.input('token_index', 'int32', ['B', 'S']);
  const positions = g.input('position_embeddings', g.computeType, [1, 'S', width]);

  const rows = g.node('Reshape', [g.toComputeType(latent), g.ints([-1, config.hidden_size])]);
  const embedded = linear(g, options, rows, ['decoder.decoder_embed'], config.hidden_size, width);
  const rowsWithMask = g.node('Concat', [embedded, g.weight('decoder.mask_token', width, [1, width])], {
    axis: 0n,
  });
  const gathered = g.node('Gather', [rowsWithMask, tokenIndex], { axis: 0n });
  const tokens = g.node('Add', [gathered, positions]);

  predict(g, config, options, sessionStack(g, config, options, stack, tokens, tokenIndex));
  return g.finish();
}

/**
 * The decoder's end alone: what it would predict from the tokens between two of its layers. `hidden_state`
 * [B, 1 + L, E] float32 gives `logits` [B·L, p·p·C].
 */
export function buildPrediction(config: ViTMAEConfig, options: GraphOptions): Graph {
  const { width, lastNorm } = stackOf('decoder', config);
  const g = builderFor('ViTMAE prediction', options);
  const hidden = g.toComputeType(g.input('hidden_state', 'float32', ['B', 'S', width]));
  predict(g, config, options, layerNorm(g, hidden, lastNorm, width, config.layer_norm_eps));
  return g.finish();
}

/** From [B, 1 + L, E] after the last layer norm to the logits. */
function predict(g: GraphBuilder, config: ViTMAEConfig, options: GraphOptions, normed: string): void {
  const width = config.decoder_hidden_size;
  const values = patchLength(geometryOf(config));
  const withoutCls = g.node('Slice', [normed, g.ints([1]), g.ints([END]), g.ints([1])]);
  const rows = g.node('Reshape', [withoutCls, g.ints([-1, width])]);
  const logits = linear(g, options, rows, ['decoder.decoder_pred'], width, values);
  g.output(g.toFloat32(logits), 'logits', ['B * L', values]);
}
