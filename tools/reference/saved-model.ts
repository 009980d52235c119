/** The model that fixtures/library.json is about. */
export const SAVED = {
  seed: 7,
  config: {
    image_size: 24,
    patch_size: 8,
    num_channels: 2,
    hidden_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 48,
    hidden_act: 'gelu_new',
    initializer_range: 0.1,
    layer_norm_eps: 1e-6,
    qkv_bias: false,
    decoder_hidden_size: 24,
    decoder_num_hidden_layers: 1,
    decoder_num_attention_heads: 2,
    decoder_intermediate_size: 40,
    mask_ratio: 0.5,
    norm_pix_loss: true,
  },
} as const;
