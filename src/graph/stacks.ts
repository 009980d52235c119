/** The two stacks of transformer layers, each with the names of its tensors and its sizes. */
import type { ViTMAEConfig } from '../mae/config.ts';

export type Half = 'encoder' | 'decoder';

/** Layers one after another, and the layer norm after the last. */
export interface LayerStack {
  /** Prefix of the layers' tensors without their number, such as `vit.encoder.layer`. */
  readonly prefix: string;
  readonly lastNorm: string;
  readonly positions: string;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly intermediate: number;
}

export function stackOf(half: Half, config: ViTMAEConfig): LayerStack {
  if (half === 'encoder') {
    return {
      prefix: 'vit.encoder.layer',
      lastNorm: 'vit.layernorm',
      positions: 'vit.embeddings.position_embeddings',
      layers: config.num_hidden_layers,
      heads: config.num_attention_heads,
      width: config.hidden_size,
      intermediate: config.intermediate_size,
    };
  }
  return {
    prefix: 'decoder.decoder_layers',
    lastNorm: 'decoder.decoder_norm',
    positions: 'decoder.decoder_pos_embed',
    layers: config.decoder_num_hidden_layers,
    heads: config.decoder_num_attention_heads,
    width: config.decoder_hidden_size,
    intermediate: config.decoder_intermediate_size,
  };
}
