import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf, patchCount, patchLength } from '../mae/geometry.ts';
import type { Graph } from './builder.ts';
import type { GraphOptions } from './graph-options.ts';
import { builderFor, linear, transformerStack } from './transformer.ts';

/**
 * The decoder, ViTMAEDecoder: fills the gaps with the mask token and predicts every patch.
 *
 * Inputs, for B images with T tokens from the encoder and L patches each:
 * - `last_hidden_state` [B, T, D] fp32: the encoder's output.
 * - `token_index` [B, 1 + L] int32: row of each token in [all latents..., mask token]: for image b its CLS
 *   row b·T, then per patch b·T + 1 + ids_restore where the patch is visible and B·T where it is masked.
 *
 * Output: `logits` [B, L, p·p·3].
 */
export function buildDecoder(config: ViTMAEConfig, options: GraphOptions): Graph {
  const g = builderFor('ViTMAE decoder', options);
  const width = config.decoder_hidden_size;
  const heads = config.decoder_num_attention_heads;
  const geometry = geometryOf(config);
  const patches = patchCount(geometry.grid);
  const tokenCount = patches + 1;
  const values = patchLength(geometry);

  const latent = g.input('last_hidden_state', 'float32', ['B', 'T', config.hidden_size]);
  const tokenIndex = g.input('token_index', 'int32', ['B', tokenCount]);

  const rows = g.node('Reshape', [g.toComputeType(latent), g.ints([-1, config.hidden_size])]);
  const embedded = linear(g, options, rows, ['decoder.decoder_embed'], config.hidden_size, width);
  const rowsWithMask = g.node('Concat', [embedded, g.weight('decoder.mask_token', width, [1, width])], {
    axis: 0n,
  });
  const tokens = g.node('Gather', [rowsWithMask, tokenIndex], { axis: 0n });
  const positions = g.weight('decoder.decoder_pos_embed', tokenCount * width, [1, tokenCount, width]);

  const tokenShape = g.ints(
    options.attention === 'fused' ? [-1, tokenCount, width] : [-1, tokenCount, heads, width / heads],
  );
  const decoded = transformerStack(g, config, g.node('Add', [tokens, positions]), {
    prefix: 'decoder.decoder_layers',
    lastNorm: 'decoder.decoder_norm',
    layers: config.decoder_num_hidden_layers,
    shape: { width, intermediate: config.decoder_intermediate_size, heads },
    options,
    tokenShape,
  });
  const predicted = linear(g, options, decoded, ['decoder.decoder_pred'], width, values);
  const withCls = g.node('Reshape', [predicted, g.ints([-1, tokenCount, values])]);
  const withoutCls = g.node('Slice', [withCls, g.ints([1]), g.ints([tokenCount]), g.ints([1])]);
  g.output(g.toFloat32(withoutCls), 'logits', ['B', patches, values]);
  return g.finish();
}
