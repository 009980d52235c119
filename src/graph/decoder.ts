import type { ViTMAEConfig } from '../mae/config.ts';
import { numPatches, patchDim } from '../mae/geometry.ts';
import { type Graph, GraphBuilder } from './builder.ts';
import { type AttentionKind, layerNorm, linear, transformerLayer } from './transformer.ts';

export interface DecoderVariant {
  readonly attention: AttentionKind;
}

/**
 * The decoder, ViTMAEDecoder: fills the gaps with the mask token and predicts every patch.
 *
 * Inputs, for B pictures with T tokens from the encoder and L patches each:
 * - `last_hidden_state` [B, T, D] float32: the encoder's output.
 * - `token_index` [B, 1 + L] int32: row of each token in [all latents..., mask token]: for picture b its CLS
 *   row b·T, then per patch b·T + 1 + ids_restore where the patch is visible and B·T where it is masked.
 *
 * Output: `logits` [B, L, p·p·3].
 */
export function buildDecoder(config: ViTMAEConfig, variant: DecoderVariant): Graph {
  const g = new GraphBuilder('ViTMAE decoder');
  const width = config.decoder_hidden_size;
  const heads = config.decoder_num_attention_heads;
  const tokenCount = numPatches(config) + 1;
  const patchLength = patchDim(config);

  const latent = g.input('last_hidden_state', 'float32', ['B', 'T', config.hidden_size]);
  const tokenIndex = g.input('token_index', 'int32', ['B', tokenCount]);

  const rows = g.node('Reshape', [latent, g.ints([-1, config.hidden_size])]);
  const embedded = linear(g, rows, 'decoder.decoder_embed', config.hidden_size, width);
  const rowsWithMask = g.node('Concat', [embedded, g.weight('decoder.mask_token', width, [1, width])], {
    axis: 0n,
  });
  const tokens = g.node('Gather', [rowsWithMask, tokenIndex], { axis: 0n });
  const positions = g.weight('decoder.decoder_pos_embed', tokenCount * width, [1, tokenCount, width]);

  const tokenShape = g.ints(
    variant.attention === 'fused' ? [-1, tokenCount, width] : [-1, tokenCount, heads, width / heads],
  );
  let x = g.node('Reshape', [g.node('Add', [tokens, positions]), g.ints([-1, width])]);
  for (let i = 0; i < config.decoder_num_hidden_layers; i++) {
    const shape = { width, intermediate: config.decoder_intermediate_size, heads };
    const prefix = `decoder.decoder_layers.${i}`;
    x = transformerLayer(g, config, shape, { prefix, x, tokenShape, attention: variant.attention }).x;
  }
  const normed = layerNorm(g, x, 'decoder.decoder_norm', width, config.layer_norm_eps);
  const predicted = linear(g, normed, 'decoder.decoder_pred', width, patchLength);
  const withCls = g.node('Reshape', [predicted, g.ints([-1, tokenCount, patchLength])]);
  const withoutCls = g.node('Slice', [withCls, g.ints([1]), g.ints([tokenCount]), g.ints([1])]);
  g.output(withoutCls, 'logits', ['B', numPatches(config), patchLength]);
  return g.finish();
}
